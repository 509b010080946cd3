package io.wattle.lattice.wrpc;

import java.io.ByteArrayOutputStream;

/** The parameters or results themselves: everything up to the empty message. */
final class RootReceiver {
  /** Larger parameters or results are refused. */
  static final int LARGEST = 64 * 1024 * 1024;

  private final ByteArrayOutputStream parts = new ByteArrayOutputStream(64);
  private boolean complete;

  /** Takes a message; false when it is too much. */
  boolean add(byte[] data) {
    if (data.length == 0) {
      complete = true;
      return true;
    }
    if (parts.size() + (long) data.length > LARGEST) {
      return false;
    }
    parts.write(data, 0, data.length);
    return true;
  }

  boolean complete() {
    return complete;
  }

  byte[] bytes() {
    return parts.toByteArray();
  }
}
