package io.wattle.cli.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The JSON envelope: {@code success} first, then {@code error} if any, then the command's fields.
 */
public final class Json {
  /** For JSON trees and plain collections. */
  public static final ObjectMapper MAPPER = new ObjectMapper();

  private static final ObjectWriter PRETTY =
      MAPPER.writer(
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  private Json() {}

  /** The envelope of an answer. */
  public static String envelope(Answer answer) {
    return pretty(fields(answer));
  }

  /** The envelope of an answer, on one line. */
  public static String line(Answer answer) {
    return compact(fields(answer));
  }

  private static Map<String, Object> fields(Answer answer) {
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("success", true);
    envelope.putAll(answer.data());
    return envelope;
  }

  /** The envelope of a failure. */
  public static String envelope(CommandException failure) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("kind", failure.exitCode().kind());
    error.put("message", String.valueOf(failure.getMessage()));
    if (failure.hint() != null) {
      error.put("hint", failure.hint());
    }
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("success", false);
    envelope.put("error", error);
    envelope.putAll(failure.data());
    return pretty(envelope);
  }

  /** One line of JSON. */
  public static String compact(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON for people. */
  public static String pretty(Object value) {
    try {
      return PRETTY.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
