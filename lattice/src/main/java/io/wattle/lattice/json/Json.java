package io.wattle.lattice.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.wattle.lattice.LatticeException;
import java.io.IOException;

/**
 * The lattice's JSON. Field names are in snake case, absent is the same as null, unknown fields are
 * no error; records that are rewritten keep them in a map {@code extra}.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .annotationIntrospector(new ExtraFields())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .build();

  private Json() {}

  /** The mapper behind the other methods. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /** The value as UTF-8 JSON. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(value.getClass() + " cannot be written as JSON", e);
    }
  }

  /** Reads a {@code type}; {@code what} names it in the error. */
  public static <T> T read(byte[] json, Class<T> type, String what) {
    try {
      return some(MAPPER.readValue(json, type), what);
    } catch (IOException e) {
      throw malformed(what, e);
    }
  }

  /** Reads a generic type; {@code what} names it in the error. */
  public static <T> T read(byte[] json, TypeReference<T> type, String what) {
    try {
      return some(MAPPER.readValue(json, type), what);
    } catch (IOException e) {
      throw malformed(what, e);
    }
  }

  /** Reads a tree; {@code what} names it in the error. */
  public static JsonNode tree(byte[] json, String what) {
    try {
      return some(MAPPER.readTree(json), what);
    } catch (IOException e) {
      throw malformed(what, e);
    }
  }

  /** A tree as a {@code type}; {@code what} names it in the error. */
  public static <T> T read(JsonNode json, Class<T> type, String what) {
    try {
      return some(MAPPER.treeToValue(json, type), what);
    } catch (JsonProcessingException e) {
      throw malformed(what, e);
    }
  }

  private static <T> T some(@org.jspecify.annotations.Nullable T value, String what) {
    if (value == null) {
      throw new LatticeException(LatticeException.Kind.MALFORMED, what + ": null (expected: JSON)");
    }
    return value;
  }

  private static LatticeException malformed(String what, IOException e) {
    String why =
        e instanceof JsonProcessingException p
            ? p.getOriginalMessage()
            : String.valueOf(e.getMessage());
    return new LatticeException(LatticeException.Kind.MALFORMED, what + ": " + why, e);
  }
}
