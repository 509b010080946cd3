package io.wattle.runtime.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.runtime.engine.endive.References;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Core values as the converted suite writes them: bits in decimal, or a name of NaNs. */
final class CoreValues {
  /** How null references to functions and exceptions come out of the engine's seam. */
  private static final int NULL = -1;

  private static final Set<String> NUMBERS = Set.of("i32", "i64", "f32", "f64");
  private static final Set<String> OBJECTS = Set.of("externref", "anyref");

  /** Of which the suite says no more than that. */
  private static final Set<String> OF_OBJECTS = Set.of("structref", "arrayref", "eqref", "i31ref");

  private static final String VECTOR = "v128";

  /** Of several results that are permitted. */
  private static final String EITHER = "either";

  private CoreValues() {}

  /** A vector, its low half first. */
  record Vector(long low, long high) {
    /** A lane's bits. */
    long lane(int bits, int lane) {
      long half = lane * bits < 64 ? low : high;
      long value = half >>> (lane * bits % 64);
      return bits == 64 ? value : value & ((1L << bits) - 1);
    }

    @Override
    public String toString() {
      return String.format("0x%016x%016x", high, low);
    }
  }

  /** An argument as words. */
  static LongStream words(@Nullable Object argument) {
    return argument instanceof Vector(long low, long high)
        ? LongStream.of(low, high)
        : LongStream.of((Long) Objects.requireNonNull(argument));
  }

  private static int laneBits(JsonNode vector) {
    return Integer.parseInt(vector.get("lane_type").asText().substring(1));
  }

  private static Vector vector(JsonNode json) {
    int bits = laneBits(json);
    long[] halves = new long[2];
    for (int i = 0; i < 128 / bits; i++) {
      long lane = parsed(json.get("value").get(i).asText());
      long mask = bits == 64 ? -1 : (1L << bits) - 1;
      halves[i * bits / 64] |= (lane & mask) << (i * bits % 64);
    }
    return new Vector(halves[0], halves[1]);
  }

  private static boolean fits(JsonNode expected, Vector result) {
    int bits = laneBits(expected);
    boolean fits = true;
    for (int i = 0; fits && i < 128 / bits; i++) {
      String lane = expected.get("value").get(i).asText();
      long given = result.lane(bits, i);
      fits =
          lane.startsWith("nan:")
              ? isNan(expected.get("lane_type").asText(), given, lane.equals("nan:canonical"))
              : new Vector(parsed(lane), 0).lane(bits, 0) == given;
    }
    return fits;
  }

  private static long parsed(String number) {
    return number.startsWith("-") ? Long.parseLong(number) : Long.parseUnsignedLong(number);
  }

  /** Whether we can write it: numbers, host objects, null, and that there is a function. */
  static boolean isKnown(JsonNode json) {
    String type = json.get("type").asText();
    return NUMBERS.contains(type)
        || type.equals(VECTOR)
        || type.equals(EITHER)
        || OBJECTS.contains(type)
        || OF_OBJECTS.contains(type)
        || type.matches("funcref|exnref|.*null.*");
  }

  /** An argument: its bits, a {@link Vector}, or for a host object its text. */
  static @Nullable Object argument(JsonNode json) {
    if (json.get("type").asText().equals(VECTOR)) {
      return vector(json);
    }
    String value = json.path("value").asText("null");
    if (OBJECTS.contains(json.get("type").asText())) {
      return value.equals("null") ? null : value;
    }
    return value.equals("null") ? (Long) (long) NULL : (Long) bits(json);
  }

  private static long bits(JsonNode json) {
    long bits = parsed(json.get("value").asText());
    return json.get("type").asText().endsWith("32") ? bits & 0xffff_ffffL : bits;
  }

  /** Whether a result is what is expected. */
  static boolean fits(JsonNode expected, @Nullable Object result) {
    String type = expected.get("type").asText();
    if (type.equals(EITHER)) {
      for (JsonNode permitted : expected.get("values")) {
        if (fits(permitted, result)) {
          return true;
        }
      }
      return false;
    }
    if (type.equals(VECTOR)) {
      return result instanceof Vector vector && fits(expected, vector);
    }
    String value = expected.path("value").asText("");
    if (!NUMBERS.contains(type)) {
      boolean isNull = result == null || (result instanceof Long word && word.intValue() == NULL);
      boolean wantsNull = value.equals("null") || type.contains("null");
      boolean isOther = OF_OBJECTS.contains(type) && !References.isOf(type, result);
      return isNull == wantsNull && (isNull || (value.isEmpty() ? !isOther : value.equals(result)));
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
