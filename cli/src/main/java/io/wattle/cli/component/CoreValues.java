package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.runtime.engine.CoreValueType;
import java.util.ArrayList;
import java.util.List;

/** Numbers of core functions as text. */
final class CoreValues {
  private CoreValues() {}

  /** A value as the word that stands for it; integers may be signed or unsigned. */
  static long parse(CoreValueType type, String text) throws CommandException {
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
        case V128, FUNCREF, EXTERNREF, OTHER_REF ->
            throw CommandException.usage("a parameter of type " + type + " cannot be given here");
      };
    } catch (NumberFormatException e) {
      throw CommandException.usage(
              "argument: \"" + text + "\" (expected: a number of type " + type + ")")
          .because(e);
    }
  }

  /** Results as numbers. */
  static List<Object> show(List<CoreValueType> types, long[] words) {
    List<Object> shown = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      long word = words[i];
      shown.add(
          switch (types.get(i)) {
            case I32 -> (int) word;
            case I64 -> word;
            case F32 -> Float.intBitsToFloat((int) word);
            case F64 -> Double.longBitsToDouble(word);
            case V128, FUNCREF, EXTERNREF, OTHER_REF -> types.get(i).toString();
          });
    }
    return shown;
  }
}
