package io.wattle.runtime.engine.endive.vector;

import io.wattle.runtime.engine.endive.vector.VectorOp.Operand;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import run.endive.wasm.types.OpCode;

/**
 * What a vector instruction's name says, like {@code I16x8_EXTMUL_LOW_I8x16_S}.
 *
 * @param shape of the vectors it gives, or of that it takes a lane of: {@code I16x8}
 * @param method what remains, without other shapes: {@code extmulLowS}
 */
record VectorName(Kind kind, String shape, String method) {
  private static final int PREFIX = 0xfd;
  private static final Pattern NAME = Pattern.compile("(V128|[IF]\\d+x\\d+)_(\\w+)");
  private static final Pattern SHAPE = Pattern.compile("[IF]\\d+[xX]\\d+");

  /** How it gets its operands. */
  enum Kind {
    MEMORY,
    /** Its immediates are bytes. */
    IMMEDIATE,
    SPLAT,
    EXTRACT,
    REPLACE,
    NARROW,
    /** Both halves become the low one. */
    TO_ZERO,
    /** A half becomes both. */
    WIDEN,
    SWIZZLE,
    /** Lane by lane, or a question to all of them. */
    LANES
  }

  static boolean isVector(OpCode opcode) {
    return opcode.opcode() >> 8 == PREFIX;
  }

  static VectorName of(OpCode opcode) {
    Matcher name = NAME.matcher(opcode.name());
    if (!name.matches()) {
      throw new IllegalArgumentException("no vector instruction: " + opcode);
    }
    String rest = name.group(2);
    String words =
        Arrays.stream(rest.split("_"))
            .filter(word -> !SHAPE.matcher(word).matches())
            .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
            .collect(Collectors.joining());
    String method = words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    return new VectorName(kind(name.group(1), rest), name.group(1), method);
  }

  private static Kind kind(String shape, String rest) {
    if (shape.equals("V128") && (rest.startsWith("LOAD") || rest.startsWith("STORE"))) {
      return Kind.MEMORY;
    }
    return switch (rest) {
      case "CONST", "SHUFFLE" -> Kind.IMMEDIATE;
      case "SPLAT" -> Kind.SPLAT;
      case "SWIZZLE" -> Kind.SWIZZLE;
      case "EXTRACT_LANE", "EXTRACT_LANE_S", "EXTRACT_LANE_U" -> Kind.EXTRACT;
      case "REPLACE_LANE" -> Kind.REPLACE;
      case String other when other.startsWith("NARROW") -> Kind.NARROW;
      case String other when other.endsWith("_ZERO") -> Kind.TO_ZERO;
      case String other when other.contains("_LOW") || other.contains("_HIGH") -> Kind.WIDEN;
      default -> Kind.LANES;
    };
  }

  int laneBits() {
    return Integer.parseInt(shape.substring(1, shape.indexOf('x')));
  }

  IntStream lanes() {
    return IntStream.range(0, 128 / laneBits());
  }

  /** As what a lane is on the stack. */
  Operand lane() {
    return switch (shape) {
      case "I64x2" -> Operand.I64;
      case "F32x4" -> Operand.F32;
      case "F64x2" -> Operand.F64;
      default -> Operand.I32;
    };
  }

  /** The function of its name. */
  LaneFunction function() {
    return LaneFunction.of(shape + "." + method);
  }

  /** The function of its name in which a word is another one. */
  LaneFunction function(String word, String instead) {
    return LaneFunction.of(shape + "." + method.replace(word, instead));
  }

  /** A function on lanes as wide as these that sees them as integers. */
  LaneFunction onIntegers(String name) {
    return LaneFunction.of("I" + shape.substring(1) + "." + name);
  }
}
