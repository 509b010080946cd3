package io.wattle.runtime.concurrency;

import io.wattle.runtime.abi.CallContext;
import io.wattle.runtime.abi.CallScope;
import io.wattle.runtime.abi.InstanceState;
import io.wattle.runtime.engine.CoreExtern;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreTable;
import io.wattle.runtime.plan.Step;
import org.jspecify.annotations.Nullable;

/** What tasks need of the graph that they run in. */
public interface Linkage {
  /** A core thing of the plan. */
  CoreExtern extern(int index);

  /** One side of a call. */
  CallContext context(InstanceState instance, CallScope scope, Step.Options options);

  /** The function at an index of a table; null where there is none. */
  @Nullable CoreFunction element(CoreTable table, int index);

  /**
   * Says which Java thread runs the guest from now on, so that a stop reaches it.
   *
   * @return which one did
   */
  @Nullable Thread handOver(@Nullable Thread to);
}
