package io.wattle.runtime.abi;

import io.wattle.wit.value.ValueBuffer;

/**
 * What went wrong, in words (CanonicalABI.md, {@code ErrorContext}).
 *
 * @param message for people; may be empty, and is cut off where it is long: hosts may change it
 *     ({@code host_defined_transformation}), and what a guest makes them keep shall be small
 */
public record ErrorContext(String message) implements TableEntry {
  private static final int MAX_CHARS = 512;

  /** Reads one from a guest's memory, in the encoding of {@code string}. */
  public static ErrorContext read(Codec string, CallContext from, long[] pointerAndLength) {
    ValueBuffer text = new ValueBuffer();
    string.lift(from, pointerAndLength, 0, text);
    return new ErrorContext(start(text.source().string()));
  }

  private static String start(String text) {
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    // Of its own, so that the rest does not stay; not between the halves of a pair.
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS);
  }

  /** Writes its message into a guest's memory and where that lies to an address. */
  public void write(Codec string, CallContext to, long pointer) {
    int address = to.check(to.pointer(pointer), string.size, string.align, "debug message");
    ValueBuffer text = new ValueBuffer();
    text.string(message);
    string.store(text.source(), to, address);
  }

  @Override
  public String what() {
    return "an error context";
  }
}
