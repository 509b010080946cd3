package io.wattle.runtime.wasi.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a message's headers say of its length.
 *
 * @param bytes if they say it
 * @param malformed whether they say something that is no length
 */
record ContentLength(OptionalLong bytes, boolean malformed) {
  static final ContentLength NONE = new ContentLength(OptionalLong.empty(), false);

  static final ContentLength MALFORMED = new ContentLength(OptionalLong.empty(), true);

  static ContentLength of(HttpFields headers) {
    List<Object> values = headers.get("content-length");
    if (values.isEmpty()) {
      return NONE;
    }
    if (values.size() > 1) {
      return MALFORMED;
    }
    String text = new String((byte[]) values.getFirst(), StandardCharsets.ISO_8859_1);
    try {
      long bytes = Long.parseLong(text);
      return bytes < 0 ? MALFORMED : new ContentLength(OptionalLong.of(bytes), false);
    } catch (NumberFormatException e) {
      return MALFORMED;
    }
  }
}
