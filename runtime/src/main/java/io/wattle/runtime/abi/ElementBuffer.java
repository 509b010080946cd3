package io.wattle.runtime.abi;

import io.wattle.wit.value.ValueBuffer;
import io.wattle.wit.value.ValueSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A guest's memory that elements of a stream or future are read from or written to
 * (CanonicalABI.md, {@code BufferGuestImpl}).
 */
public final class ElementBuffer {
  private static final int MAX_LENGTH = (1 << 28) - 1;

  /** Elements that are copied as bytes, at most so many at once. */
  private static final int CHUNK = 1 << 16;

  /** Other elements that are moved at once. */
  private static final int PORTION = 1 << 10;

  private final @Nullable Codec element;
  private final CallContext context;
  private final int address;
  private final int length;
  private int progress;

  /**
   * Makes a buffer of {@code length} elements; traps when it does not lie in memory. Address and
   * length are core values as the guest gave them.
   *
   * @param element null for streams and futures without a type
   */
  public ElementBuffer(@Nullable Codec element, CallContext context, long address, long length) {
    long count = context.pointer(length);
    if (count < 0 || count > MAX_LENGTH) {
      throw Traps.trap(
          "a buffer of "
              + Long.toUnsignedString(count)
              + " elements (expected: at most "
              + MAX_LENGTH
              + ")");
    }
    int begin = (int) address;
    if (element != null && count > 0) {
      long pointer = context.pointer(address);
      begin = context.check(pointer, count * element.size, element.align, "buffer");
    }
    this.element = element;
    this.context = context;
    this.address = begin;
    this.length = (int) count;
  }

  /** Elements that are still to be moved. */
  public int remain() {
    return length - progress;
  }

  /** Elements that were moved. */
  public int progress() {
    return progress;
  }

  /** Whether it had room for nothing from the beginning. */
  public boolean isZeroLength() {
    return length == 0;
  }

  /** Moves {@code count} elements from the guest that writes to the guest that reads. */
  public static void move(ElementBuffer from, ElementBuffer to, int count) {
    Codec read = from.element;
    Codec written = to.element;
    if (read != null && written != null) {
      if (read instanceof PrimitiveCodec p && p.anyBits()) {
        moveBytes(from, to, (long) count * read.size);
      } else {
        // In portions: a value takes more room in between than in the guests' memories.
        for (int done = 0; done < count; done += PORTION) {
          moveValues(from, to, done, Math.min(PORTION, count - done));
        }
      }
    }
    from.progress += count;
    to.progress += count;
  }

  private static void moveValues(ElementBuffer from, ElementBuffer to, int first, int count) {
    Codec read = Objects.requireNonNull(from.element, "what has no type is not moved");
    Codec written = Objects.requireNonNull(to.element, "what has no type is not moved");
    ValueBuffer values = new ValueBuffer();
    for (int i = first; i < first + count; i++) {
      read.load(from.context, from.at(read, i), values);
    }
    ValueSource source = values.source();
    for (int i = first; i < first + count; i++) {
      written.store(source, to.context, to.at(written, i));
    }
  }

  private int at(Codec codec, int offset) {
    return address + (progress + offset) * codec.size;
  }

  private static void moveBytes(ElementBuffer from, ElementBuffer to, long bytes) {
    Codec read = from.element;
    if (read == null) {
      return;
    }
    int source = from.at(read, 0);
    int target = to.at(read, 0);
    // From the end where the target may overlap the rest of the source.
    boolean backward =
        from.context.memory() == to.context.memory() && Integer.compareUnsigned(target, source) > 0;
    byte[] chunk = new byte[(int) Math.min(bytes, CHUNK)];
    for (long done = 0; done < bytes; done += chunk.length) {
      int size = (int) Math.min(chunk.length, bytes - done);
      int at = (int) (backward ? bytes - done - size : done);
      from.context.memory().read(source + at, chunk, 0, size);
      to.context.memory().write(target + at, chunk, 0, size);
    }
  }
}
