package io.wattle.cli.base;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command that went well has to say, once as text and once as the fields of the JSON
 * envelope.
 *
 * @param text lines for people, without the last line's end; may be empty
 * @param data fields in the order they are written
 */
public record Answer(String text, Map<String, Object> data) {
  /** Nothing more to say: what there was to say has been said. */
  public static final Answer NONE = new Answer("", Map.of());

  /** An answer with text only. */
  public static Answer of(String text) {
    return new Answer(text, Map.of());
  }

  /** The same answer with one more field. */
  public Answer with(String key, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(data);
    more.put(key, value);
    return new Answer(text, more);
  }
}
