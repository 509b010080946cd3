package io.wattle.runtime.engine.endive;

import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionBody;

/**
 * What runs a module's functions. Everything else about a module, and so every snapshot, is the
 * same whichever code it has.
 *
 * @param module with the bodies of those functions that are interpreted
 * @param machineMaker makes compiled machines, null to interpret all
 * @param interpreted whether some functions of a compiled module are interpreted
 */
record ModuleCode(
    WasmModule module,
    FunctionBody[] functions,
    @Nullable MethodHandle machineMaker,
    boolean interpreted) {
  static ModuleCode interpreted(WasmModule module) {
    return new ModuleCode(module, module.codeSection().functionBodies(), null, true);
  }

  /**
   * Drops the bodies that nothing needs any more.
   *
   * @param digest of the module, by which its classes are known
   */
  static ModuleCode compiled(
      WasmModule module, String digest, Set<Integer> interpreted, Map<String, byte[]> classes) {
    WasmModule stripped = ModuleStripper.strip(module, interpreted);
    return new ModuleCode(
        stripped,
        stripped.codeSection().functionBodies(),
        ModuleCompiler.load(classes, digest),
        !interpreted.isEmpty());
  }

  boolean compiled() {
    return machineMaker != null;
  }
}
