package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreEngine;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.EngineOptions.Execution;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.endive.split.Splitter;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmModule;

/** An engine that compiles functions in pieces far smaller than the product's. */
final class CutEngine implements CoreEngine {
  private final int largest;
  private final CoreEngine whole = Guests.engine(Execution.INTERPRETED);
  private int parts;

  /**
   * @param largest estimated bytes above which a function is cut
   */
  CutEngine(int largest) {
    this.largest = largest;
  }

  /** Functions that were cut out of others so far. */
  int parts() {
    return parts;
  }

  @Override
  public CoreModule compile(byte[] wasm) throws InvalidModuleException {
    EndiveModule valid = (EndiveModule) whole.compile(wasm);
    WasmModule module = valid.running().module();
    parts += Splitter.split(module, function -> largest).parts().size();
    ModuleCompiler.Compiled compiled = ModuleCompiler.compile(module, false, largest, () -> {});
    String digest = valid.digest();
    EndiveModule cut =
        new EndiveModule(
            digest,
            ModuleCode.compiled(module, digest, compiled.interpreted(), compiled.classes()),
            valid.addressTypes);
    cut.describe(valid.debug());
    return cut;
  }

  @Override
  public MemoryBudget memory() {
    return whole.memory();
  }

  @Override
  public CoreStore newStore(
      StoreLimits limits, MemoryBudget memory, @Nullable CoreSnapshot snapshot, int kept) {
    return whole.newStore(limits, memory, snapshot, kept);
  }

  @Override
  public void close() {
    whole.close();
  }
}
