package io.wattle.runtime.engine.endive;

import java.lang.invoke.MethodHandle;
import java.lang.ref.SoftReference;
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
 * @param functions these bodies as the interpreter takes them
 * @param machineMaker makes compiled machines, null to interpret all
 * @param interpreted whether some functions of a compiled module are interpreted
 * @param classes of the machine as long as the heap has room for them, where the disk has none;
 *     null when there are others or nobody will ask
 */
record ModuleCode(
    WasmModule module,
    FunctionBody[] functions,
    @Nullable MethodHandle machineMaker,
    boolean interpreted,
    @Nullable SoftReference<Map<String, byte[]>> classes) {
  static ModuleCode interpreted(WasmModule module) {
    return new ModuleCode(
        module, ObjectInterpreter.mend(VectorLocals.mend(module)), null, true, null);
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
        interpreted.isEmpty()
            ? stripped.codeSection().functionBodies()
            : ObjectInterpreter.mend(VectorLocals.mend(stripped)),
        ModuleCompiler.load(classes, digest),
        !interpreted.isEmpty(),
        null);
  }

  /** The same, whose classes may be asked for. */
  ModuleCode keeping(Map<String, byte[]> kept) {
    return new ModuleCode(
        module, functions, machineMaker, interpreted, new SoftReference<>(Map.copyOf(kept)));
  }

  /** The same with other classes. */
  ModuleCode of(Map<String, byte[]> other, String digest) {
    return new ModuleCode(module, functions, ModuleCompiler.load(other, digest), interpreted, null);
  }

  boolean compiled() {
    return machineMaker != null;
  }
}
