package io.wattle.runtime.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Core values as the converted suite writes them: bits in decimal, or a name of NaNs. */
final class CoreValues {
  /** How null references to functions and exceptions come out of the engine's seam. */
  private static final int NULL = -1;

  private static final Set<String> NUMBERS = Set.of("i32", "i64", "f32", "f64");
  private static final Set<String> OBJECTS = Set.of("externref", "anyref");

  private CoreValues() {}

  /** Whether we can write it: numbers, host objects, null, and that there is a function. */
  static boolean isKnown(JsonNode json) {
    String type = json.get("type").asText();
    return NUMBERS.contains(type)
        || OBJECTS.contains(type)
        || type.matches("funcref|exnref|.*null.*");
  }

  /** An argument: its bits, or for a host object its text. */
  static @Nullable Object argument(JsonNode json) {
    String value = json.path("value").asText("null");
    if (OBJECTS.contains(json.get("type").asText())) {
      return value.equals("null") ? null : value;
    }
    return value.equals("null") ? (Long) (long) NULL : (Long) bits(json);
  }

  private static long bits(JsonNode json) {
    String value = json.get("value").asText();
    long bits = value.startsWith("-") ? Long.parseLong(value) : Long.parseUnsignedLong(value);
    return json.get("type").asText().endsWith("32") ? bits & 0xffff_ffffL : bits;
  }

  /** Whether a result is what is expected. */
  static boolean fits(JsonNode expected, @Nullable Object result) {
    String type = expected.get("type").asText();
    String value = expected.path("value").asText("");
    if (!NUMBERS.contains(type)) {
      boolean isNull = result == null || (result instanceof Long word && word.intValue() == NULL);
      boolean wantsNull = value.equals("null") || type.contains("null");
      return isNull == wantsNull && (isNull || value.isEmpty() || value.equals(result));
    }
    long bits = result instanceof Long word ? word : 0;
    return switch (value) {
      case "nan:canonical" -> isNan(type, bits, true);
      case "nan:arithmetic" -> isNan(type, bits, false);
      default -> type.endsWith("32") ? (int) bits(expected) == (int) bits : bits(expected) == bits;
    };
  }

  /** Of either sign; canonical ones have the first bit of the payload alone. */
  private static boolean isNan(String type, long bits, boolean canonical) {
    boolean half = type.equals("f32");
    long quiet = half ? 0x7fc0_0000L : 0x7ff8_0000_0000_0000L;
    long mask = canonical ? (half ? 0x7fff_ffffL : Long.MAX_VALUE) : quiet;
    return (bits & mask) == quiet;
  }
}
