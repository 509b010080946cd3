package io.wattle.runtime.engine.endive;

import io.micrometer.core.instrument.Timer;
import io.wattle.runtime.engine.CoreFunction;
import io.wattle.runtime.engine.CoreImports;
import io.wattle.runtime.engine.CoreInstance;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.CoreStore;
import io.wattle.runtime.engine.CoreTable;
import io.wattle.runtime.engine.MemoryBudget;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;

/** A graph of instances. */
final class EndiveStore implements CoreStore {
  private static final long[] NOTHING = {};
  private final StopSignal signal = new StopSignal();
  private final boolean isFlat;
  private final MemoryBudget budget;
  private final Account account;
  private final Roster roster = new Roster();
  private final List<GuestInstance> instances = new ArrayList<>(4);
  private final @Nullable EndiveSnapshot origin;
  private final Timer instantiations;
  private volatile boolean poisoned;
  private int depth;

  /** Guards the fields below it, so that no interrupt reaches a thread that has left. */
  private final Object runnerLock = new Object();

  private @Nullable Thread runner;
  private @Nullable Thread interrupted;
  private boolean closed;

  /**
   * @param isFlat whether the code of its modules is made for flat memories
   */
  EndiveStore(
      boolean isFlat,
      StoreLimits limits,
      MemoryBudget budget,
      Timer instantiations,
      @Nullable EndiveSnapshot origin) {
    this.isFlat = isFlat;
    this.budget = budget;
    this.account = new Account(limits, budget, signal);
    this.instantiations = instantiations;
    this.origin = origin;
  }

  boolean isFlat() {
    return isFlat;
  }

  StopSignal signal() {
    return signal;
  }

  @Override
  public CoreInstance instantiate(CoreModule module, CoreImports imports) {
    if (!(module instanceof EndiveModule ours)) {
      throw new IllegalArgumentException("module: compiled by another engine");
    }
    long start = System.nanoTime();
    enter();
    try {
      account.admitInstance();
      GuestInstance.Image image = image(ours);
      GuestInstance made =
          new GuestInstance(ours, Linking.link(ours, imports, this), this, account, roster, image);
      instances.add(made);
      if (image == null) {
        made.initialize();
      }
      instantiations.record(System.nanoTime() - start, java.util.concurrent.TimeUnit.NANOSECONDS);
      return made;
    } catch (Throwable e) {
      throw failed(e);
    } finally {
      leave();
    }
  }

  private GuestInstance.@Nullable Image image(EndiveModule module) {
    EndiveSnapshot from = origin;
    if (from == null) {
      return null;
    }
    int ordinal = instances.size();
    if (ordinal >= from.instances.size() || from.instances.get(ordinal).module() != module) {
      throw new IllegalStateException(
          "instance "
              + ordinal
              + " of this store is not that of its snapshot (same modules, same"
              + " order)");
    }
    return from.instances.get(ordinal);
  }

  long[] call(GuestFunction function, long[] arguments) {
    enter();
    try {
      long[] results = function.callInside(arguments);
      return results == null ? NOTHING : results;
    } catch (Throwable e) {
      throw failed(e);
    } finally {
      leave();
    }
  }

  private void enter() {
    if (poisoned) {
      signal.check();
      throw new TrapException(Kind.TRAP, "this instance trapped before and must be thrown away");
    }
    if (depth++ == 0) {
      synchronized (runnerLock) {
        runner = Thread.currentThread();
      }
    }
    if (signal.stopped) {
      poisoned = true;
      leave();
      throw signal.trap();
    }
  }

  private void leave() {
    if (--depth == 0) {
      synchronized (runnerLock) {
        runner = null;
        if (closed) {
          account.close();
        }
        forgetInterrupt();
      }
    }
  }

  /** The interrupt of a stop was for the guest: whoever runs next on this thread has none. */
  private void forgetInterrupt() {
    if (interrupted == Thread.currentThread()) {
      interrupted = null;
      Thread.interrupted();
    }
  }

  @Override
  public @Nullable Thread handOver(@Nullable Thread to) {
    synchronized (runnerLock) {
      Thread before = runner;
      runner = to;
      if (to == null) {
        forgetInterrupt();
      }
      return before;
    }
  }

  @Override
  public @Nullable CoreFunction element(CoreTable table, int index) {
    if (!(table instanceof GuestTable.Extern extern)) {
      throw new IllegalArgumentException("table: made by another engine");
    }
    GuestTable elements = extern.table();
    int ref = elements.ref(index);
    Instance owner = elements.ownerOf(index);
    return owner == null
        ? null
        : new GuestFunction(
            this, owner, ref, CoreTypes.function(owner.type(owner.functionType(ref))));
  }

  private TrapException failed(Throwable thrown) {
    poisoned = true;
    return signal.stopped
        ? signal.trap()
        : Whereabouts.add(Traps.of(thrown), thrown, this::moduleOfDigest);
  }

  private @Nullable EndiveModule moduleOfDigest(String digest) {
    for (GuestInstance instance : instances) {
      if (instance.module.digest().equals(digest)) {
        return instance.module;
      }
    }
    return null;
  }

  @Override
  public CoreSnapshot snapshot() {
    requireIdle();
    return new EndiveSnapshot(instances.stream().map(i -> i.freeze(roster)).toList(), budget);
  }

  @Override
  public void reset() {
    requireIdle();
    for (GuestInstance instance : instances) {
      instance.reset(roster);
    }
  }

  private void requireIdle() {
    if (depth != 0 || poisoned) {
      throw new IllegalStateException(
          poisoned ? "the store is poisoned: throw it away" : "a guest of the store is running");
    }
  }

  @Override
  public void stop(Kind kind, String reason) {
    signal.stop(kind, reason);
    synchronized (runnerLock) {
      if (runner != null && runner != Thread.currentThread()) {
        interrupted = runner;
        runner.interrupt();
      }
    }
  }

  @Override
  public void clearStop() {
    signal.clear();
  }

  @Override
  public boolean poisoned() {
    return poisoned;
  }

  @Override
  public boolean outdated() {
    for (GuestInstance instance : instances) {
      if (instance.outdated()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long privateBytes() {
    return instances.stream().mapToLong(GuestInstance::privateBytes).sum();
  }

  @Override
  public void close() {
    poisoned = true;
    boolean running;
    synchronized (runnerLock) {
      closed = true;
      running = runner != null;
      if (!running) {
        account.close();
      }
    }
    if (running) {
      // What it holds comes back when it has ended.
      stop(Kind.CANCELLED, "the instance was closed");
    }
  }
}
