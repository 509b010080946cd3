package io.wattle.runtime.abi;

import io.wattle.wit.value.ValueBuffer;

/**
 * What went wrong, in words (CanonicalABI.md, {@code ErrorContext}).
 *
 * @param message for people; may be empty
 */
public record ErrorContext(String message) implements TableEntry {
  /** Reads one from a guest's memory, in the encoding of {@code string}. */
  public static ErrorContext read(Codec string, CallContext from, long[] pointerAndLength) {
    ValueBuffer text = new ValueBuffer();
    string.lift(from, pointerAndLength, 0, text);
    return new ErrorContext(text.source().string());
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
