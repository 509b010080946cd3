package io.wattle.lattice.wrpc;

import io.wattle.wit.value.MalformedValueException;

/**
 * Finds the bytes in the chunks of a pending {@code stream<u8>}: each a length and so many bytes,
 * the last one of length 0; messages may be cut anywhere (section 6.6).
 */
final class ChunkParser {
  private static final int LONGEST_LENGTH = 5;

  private long left;
  private long length;
  private int lengthBytes;
  private boolean ended;

  /** Where in a message bytes are; {@code next} is where to go on. */
  record Slice(int offset, int length, int next) {}

  /** Whether the chunk of length 0 was seen. */
  boolean ended() {
    return ended;
  }

  /** The next bytes at or after {@code from}; of length 0 when there are none. */
  Slice next(byte[] data, int from) {
    int at = from;
    while (left == 0 && at < data.length && !ended) {
      at = readLength(data, at);
    }
    if (ended && at < data.length) {
      throw new MalformedValueException(
          "stream: " + (data.length - at) + " bytes after its end (expected: none)");
    }
    int n = (int) Math.min(left, data.length - at);
    left -= n;
    return new Slice(at, n, at + n);
  }

  private int readLength(byte[] data, int at) {
    int b = data[at] & 0xFF;
    length |= (long) (b & 0x7F) << (7 * lengthBytes);
    lengthBytes++;
    if ((b & 0x80) == 0) {
      if (length > 0xFFFF_FFFFL) {
        throw new MalformedValueException(
            "stream: chunk of " + length + " bytes (expected: less than 2^32)");
      }
      left = length;
      ended = length == 0;
      length = 0;
      lengthBytes = 0;
    } else if (lengthBytes == LONGEST_LENGTH) {
      throw new MalformedValueException("stream: chunk length too long (expected: 5 bytes)");
    }
    return at + 1;
  }
}
