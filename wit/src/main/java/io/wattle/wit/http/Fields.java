package io.wattle.wit.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * HTTP headers or trailers in order, names as received, values as bytes. The same name may occur
 * more than once.
 *
 * @param entries in order
 */
public record Fields(List<Entry> entries) {
  /** No fields. */
  public static final Fields EMPTY = new Fields(List.of());

  public Fields {
    entries = List.copyOf(entries);
  }

  /** One line. */
  public record Entry(String name, byte[] value) {
    /** A line whose value is text. */
    public static Entry of(String name, String value) {
      return new Entry(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** The value as text (ISO-8859-1 keeps every byte). */
    public String text() {
      return new String(value, StandardCharsets.ISO_8859_1);
    }
  }
}
