package io.wattle.runtime.engine.endive;

import io.wattle.runtime.binary.Leb128;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A part of a binary that is copied as it is but for what is put in the place of pieces of it. */
final class Rewriter {
  private final byte[] from;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int at;

  /**
   * @param at where the part begins
   */
  Rewriter(byte[] from, int at) {
    this.from = from;
    this.at = at;
  }

  /** What is copied next. */
  int at() {
    return at;
  }

  /** How much has been written. */
  int size() {
    return out.size();
  }

  /** Copies what is before a place. */
  Rewriter upTo(int place) {
    out.write(from, at, place - at);
    at = place;
    return this;
  }

  /** Leaves out what is before a place. */
  Rewriter skipTo(int place) {
    at = place;
    return this;
  }

  /** Bytes, each as it is. */
  Rewriter bytes(int... bytes) {
    for (int each : bytes) {
      out.write(each);
    }
    return this;
  }

  /** Bytes, of which each is a character of Latin 1. */
  Rewriter bytes(String bytes) {
    out.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  Rewriter bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** An unsigned number of 32 bits. */
  Rewriter unsigned(int value) {
    Leb128.write(out, value);
    return this;
  }

  /** A signed number. */
  Rewriter signed(long value) {
    long left = value;
    while (left >> 6 != 0 && left >> 6 != -1) {
      out.write((int) (left & 0x7f) | 0x80);
      left >>= 7;
    }
    out.write((int) left & 0x7f);
    return this;
  }

  byte[] written() {
    return out.toByteArray();
  }
}
