package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreSnapshot;
import io.wattle.runtime.engine.MemoryBudget;
import java.lang.ref.Cleaner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The frozen state of a store. Its pages stay in the budget until nobody holds it any more. */
final class EndiveSnapshot implements CoreSnapshot {
  private static final Cleaner CLEANER = Cleaner.create();
  final List<GuestInstance.Image> instances;
  private final long bytes;

  /** Null when all its stores are of one kind. */
  final @Nullable FlatShare share;

  EndiveSnapshot(
      List<GuestInstance.Image> instances, MemoryBudget budget, @Nullable FlatRoom room) {
    this.instances = List.copyOf(instances);
    long held = instances.stream().mapToLong(GuestInstance.Image::bytes).sum();
    this.bytes = held;
    this.share = room == null ? null : new FlatShare(room, this.instances);
    CLEANER.register(this, () -> budget.giveBack(held));
  }

  @Override
  public long bytes() {
    return bytes;
  }
}
