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
import io.wattle.runtime.engine.StackRoom;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;

/** A graph of instances. */
final class EndiveStore implements CoreStore {
  private static final String CLOSED = "the instance was closed";
  private static final long[] NOTHING = {};
  private final StopSignal signal = new StopSignal();
  private final MemoryKind kind;
  private final MemoryBudget budget;
  private final Account account;
  private final Roster roster = new Roster();
  private @Nullable ObjectHeap heap;
  private final List<GuestInstance> instances = new ArrayList<>(4);
  private final @Nullable EndiveSnapshot origin;

  /** Where hot snapshots get flat memories; null when there is no such choice. */
  private final @Nullable FlatRoom room;

  /** What this one, or a better one in its place, is counted by; null as for the room. */
  private volatile @Nullable FlatShare share;

  private final int kept;
  private final Timer instantiations;
  private volatile boolean poisoned;
  private int depth;

  /** Guards the fields below it, so that no interrupt reaches a thread that has left. */
  private final Object runnerLock = new Object();

  private @Nullable Thread runner;
  private final Set<Thread> interrupted = new HashSet<>(2);
  private boolean closed;
  private boolean released;
  private Phase phase = Phase.USED;

  /** Since when it has been used, while that counts. */
  private long since;

  /** Whether it was taken up since it was asked last. */
  private volatile boolean wasUsed = true;

  /** What becomes of a store that can be reset. */
  private enum Phase {
    /** Somebody has it. */
    USED,
    /** It was reset: what it holds can be spared. */
    RESTING,
    /** What it held was taken. */
    DISCARDED;

    boolean mayBecome(Phase next) {
      return switch (this) {
        case USED -> next == RESTING;
        case RESTING -> true;
        case DISCARDED -> false;
      };
    }
  }

  /**
   * @param kind of all its memories
   * @param kept how many stores of its snapshot are kept by whoever resets them
   */
  EndiveStore(
      MemoryKind kind,
      StoreLimits limits,
      MemoryBudget budget,
      Timer instantiations,
      @Nullable FlatRoom room,
      @Nullable EndiveSnapshot origin,
      int kept) {
    this.kind = kind;
    this.budget = budget;
    this.room = room;
    this.share = origin == null ? null : origin.share;
    this.kept = kept;
    this.account = new Account(limits, budget, signal, kind == MemoryKind.MARKED ? room : null);
    this.instantiations = instantiations;
    this.origin = origin;
    if (room != null && isDear()) {
      room.add(this);
    }
    beginUse();
  }

  MemoryKind kind() {
    return kind;
  }

  /** Made when a guest asks for it first: few have structures and arrays. */
  ObjectHeap heap() {
    ObjectHeap known = heap;
    if (known == null) {
      known = new ObjectHeap(account, HostCollector.OF_PROCESS);
      account.reclaimBy(known);
      heap = known;
    }
    return known;
  }

  StopSignal signal() {
    return signal;
  }

  Roster roster() {
    return roster;
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
      imports.linked(made);
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
    if (depth == 0) {
      synchronized (runnerLock) {
        if (closed) {
          signal.check();
          throw new TrapException(Kind.CANCELLED, CLOSED);
        }
        refuseWhenPoisoned();
        if (phase != Phase.USED) {
          use();
        }
        runner = Thread.currentThread();
      }
    } else {
      refuseWhenPoisoned();
    }
    depth++;
    if (signal.stopped) {
      poisoned = true;
      leave();
      throw signal.trap();
    }
  }

  private void refuseWhenPoisoned() {
    if (poisoned) {
      signal.check();
      throw new TrapException(Kind.TRAP, "this instance trapped before and must be thrown away");
    }
  }

  private void leave() {
    if (--depth == 0) {
      synchronized (runnerLock) {
        runner = null;
        if (closed) {
          release();
        }
        forgetInterrupt();
      }
    }
  }

  /** The interrupt of a stop was for the guest: whoever runs next on this thread has none. */
  private void forgetInterrupt() {
    if (interrupted.remove(Thread.currentThread())) {
      Thread.interrupted();
    }
  }

  @Override
  public void keep(long bytes) {
    if (bytes <= 0) {
      account.shrinkObjects(-bytes);
    } else if (!account.growObjects(bytes)) {
      throw account.noRoom(bytes);
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
    int function = elements.indexAt(index);
    Instance owner = elements.ownerOf(index);
    return owner == null
        ? null
        : new GuestFunction(
            this, owner, function, CoreTypes.function(owner.type(owner.functionType(function))));
  }

  private TrapException failed(Throwable thrown) {
    poisoned = true;
    if (signal.stopped) {
      return signal.trap();
    }
    boolean ample = StackRoom.isAmple();
    TrapException trap =
        thrown instanceof StackOverflowError ? Traps.exhausted() : Traps.of(thrown);
    // Where there is little room, whoever called this guest finds out where it was, by the trap.
    return ample ? Whereabouts.add(trap, thrown, this::moduleOfDigest) : trap;
  }

  private @Nullable EndiveModule moduleOfDigest(String digest) {
    for (GuestInstance instance : instances) {
      if (instance.module.key().equals(digest)) {
        return instance.module;
      }
    }
    return null;
  }

  @Override
  public boolean canSnapshot() {
    return instances.stream().noneMatch(GuestInstance::holdsObjects);
  }

  @Override
  public CoreSnapshot snapshot() {
    requireIdle();
    if (!canSnapshot()) {
      throw new IllegalStateException("the store may hold references to objects: no snapshot");
    }
    EndiveSnapshot taken =
        new EndiveSnapshot(instances.stream().map(GuestInstance::freeze).toList(), budget, room);
    if (share == null) {
      // From now on it is one of those that are made of it.
      share = taken.share;
    }
    return taken;
  }

  @Override
  public void reset() {
    requireIdle();
    for (GuestInstance instance : instances) {
      instance.reset();
    }
    endUse();
    if (isDear()) {
      synchronized (runnerLock) {
        become(Phase.RESTING);
      }
    }
  }

  // --- uses

  private void beginUse() {
    FlatShare uses = share;
    if (uses != null && uses.isWarming()) {
      since = uses.heat().used();
    }
  }

  private void endUse() {
    FlatShare uses = share;
    if (uses != null && uses.isWarming() && since != 0) {
      uses.heat().ended(since);
      since = 0;
    }
  }

  private void become(Phase next) {
    if (phase != next) {
      if (!phase.mayBecome(next)) {
        throw new IllegalStateException("a store: from " + phase + " to " + next);
      }
      phase = next;
    }
  }

  /** Under the lock. */
  private void use() {
    if (phase == Phase.DISCARDED) {
      throw new TrapException(
          Kind.BUSY, "what this instance held was needed elsewhere; it must be thrown away");
    }
    become(Phase.USED);
    wasUsed = true;
  }

  @Override
  public boolean takeUp() {
    beginUse();
    if (!isDear()) {
      return !outdated();
    }
    synchronized (runnerLock) {
      if (phase == Phase.DISCARDED) {
        return false;
      }
      become(Phase.USED);
      wasUsed = true;
    }
    FlatShare counting = share;
    if (counting != null) {
      counting.reused();
    }
    return true;
  }

  @Override
  public boolean isDear() {
    return kind == MemoryKind.MARKED;
  }

  /** Whether it was taken up since this was asked last. */
  boolean forgetUse() {
    boolean used = wasUsed;
    wasUsed = false;
    return used;
  }

  /**
   * Gives up what it holds if it waits for its next use.
   *
   * @return bytes
   */
  long reclaim() {
    synchronized (runnerLock) {
      if (phase != Phase.RESTING || closed) {
        return 0;
      }
      become(Phase.DISCARDED);
      long bytes = privateBytes();
      instances.forEach(GuestInstance::discardMemories);
      release();
      return bytes;
    }
  }

  /** Gives back what it holds, once. */
  private void release() {
    account.close();
    FlatShare counted = share;
    if (!released && isDear() && room != null && counted != null) {
      released = true;
      room.remove(this);
      counted.ended();
    }
  }

  private void requireIdle() {
    if (depth != 0 || poisoned) {
      throw new IllegalStateException(
          poisoned ? "the store is poisoned: throw it away" : "a guest of the store is running");
    }
    synchronized (runnerLock) {
      if (phase == Phase.DISCARDED) {
        throw new IllegalStateException("what the store held was needed elsewhere: throw it away");
      }
      become(Phase.USED);
    }
  }

  @Override
  public void stop(Kind kind, String reason) {
    signal.stop(kind, reason);
    synchronized (runnerLock) {
      if (runner != null && runner != Thread.currentThread()) {
        interrupted.add(runner);
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

  /** As if nothing had trapped: for the specification's suite, which goes on calling. */
  void forgive() {
    poisoned = false;
  }

  @Override
  public boolean outdated() {
    for (GuestInstance instance : instances) {
      if (instance.outdated()) {
        return true;
      }
    }
    FlatShare better = share;
    return !isDear() && better != null && better.gives(kept);
  }

  @Override
  public long privateBytes() {
    return instances.stream().mapToLong(GuestInstance::privateBytes).sum();
  }

  @Override
  public void close() {
    if (!poisoned) {
      endUse();
    }
    poisoned = true;
    boolean running;
    synchronized (runnerLock) {
      closed = true;
      running = runner != null;
      if (!running) {
        release();
      }
    }
    if (running) {
      // What it holds comes back when it has ended.
      stop(Kind.CANCELLED, CLOSED);
    }
  }
}
