package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.runtime.engine.CoreValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Numbers of core functions as text. */
final class CoreValues {
  private static final Pattern VECTOR = Pattern.compile("0x[0-9a-fA-F]{1,32}");

  private CoreValues() {}

  /** Values as the words that stand for them; integers may be signed or unsigned. */
  static long[] parse(List<CoreValueType> types, List<String> texts) throws CommandException {
    long[] words = new long[CoreValueType.words(types)];
    int next = 0;
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i) == CoreValueType.V128) {
        long[] halves = vector(texts.get(i));
        words[next] = halves[0];
        words[next + 1] = halves[1];
      } else {
        words[next] = parse(types.get(i), texts.get(i));
      }
      next += types.get(i).words();
    }
    return words;
  }

  /** The halves, the low one first, of all bits as one hexadecimal number. */
  private static long[] vector(String text) throws CommandException {
    if (!VECTOR.matcher(text).matches()) {
      throw CommandException.usage(
          "argument: \""
              + text
              + "\" (expected: a V128 as one number of 128 bits, 0x and up to 32 hexadecimal"
              + " digits)");
    }
    String digits = "0".repeat(34 - text.length()) + text.substring(2);
    return new long[] {
      Long.parseUnsignedLong(digits.substring(16), 16), Long.parseUnsignedLong(digits, 0, 16, 16)
    };
  }

  private static long parse(CoreValueType type, String text) throws CommandException {
    try {
      return switch (type) {
        case I32 -> {
          long value = Long.decode(text);
          if (value < Integer.MIN_VALUE || value > 0xffff_ffffL) {
            throw new NumberFormatException(text);
          }
          yield value;
        }
        case I64 -> text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
        case F32 -> Integer.toUnsignedLong(Float.floatToRawIntBits(Float.parseFloat(text)));
        case F64 -> Double.doubleToRawLongBits(Double.parseDouble(text));
        case V128 -> throw new IllegalArgumentException("a vector is two words");
        case FUNCREF, EXTERNREF, OTHER_REF ->
            throw CommandException.usage("a parameter of type " + type + " cannot be given here");
      };
    } catch (NumberFormatException e) {
      throw CommandException.usage(
              "argument: \"" + text + "\" (expected: a number of type " + type + ")")
          .because(e);
    }
  }

  /** Results as numbers, a vector as one in hexadecimal digits. */
  static List<Object> show(List<CoreValueType> types, long[] words) {
    List<Object> shown = new ArrayList<>();
    int next = 0;
    for (CoreValueType type : types) {
      long word = words[next];
      shown.add(
          switch (type) {
            case I32 -> (int) word;
            case I64 -> word;
            case F32 -> Float.intBitsToFloat((int) word);
            case F64 -> Double.longBitsToDouble(word);
            case V128 -> String.format("0x%016x%016x", words[next + 1], word);
            case FUNCREF, EXTERNREF, OTHER_REF -> type.toString();
          });
      next += type.words();
    }
    return shown;
  }
}
