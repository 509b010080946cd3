package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.EngineOptions;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.MemoryLimits;

/** What a memory is made of. Code is made for one kind, and all memories of a store are of one. */
enum MemoryKind {
  /** {@link PagedMemory}: pages that are shared with a snapshot until they are written. */
  PAGED,
  /** {@link FlatMemory}: one array. */
  FLAT,
  /** {@link MarkedMemory}: one array that knows which of its pages were written. */
  MARKED;

  static MemoryKind of(EngineOptions.Memory memory) {
    return switch (memory) {
      case SHARED_PAGES -> PAGED;
      case FLAT -> FLAT;
    };
  }

  /**
   * A memory of this kind.
   *
   * @param image its content; zeros if null
   */
  GuestMemory create(MemoryLimits limits, Account account, GuestMemory.@Nullable Image image) {
    GuestMemory.Image content = image == null ? GuestMemory.Image.zeros(limits) : image;
    return switch (this) {
      case PAGED -> new PagedMemory(limits, account, content);
      case FLAT -> new FlatMemory(limits, account, content);
      case MARKED -> new MarkedMemory(limits, account, content);
    };
  }

  /** Whether a memory is of this kind. */
  boolean isOf(GuestMemory memory) {
    return this
        == switch (memory) {
          case PagedMemory _ -> PAGED;
          case FlatMemory _ -> FLAT;
          case MarkedMemory _ -> MARKED;
        };
  }
}
