package io.wattle.wit.wave;

import io.wattle.wit.type.ValueType;
import io.wattle.wit.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads values from WAVE. Options and results may be written without {@code some} and {@code ok}.
 */
public final class WaveParser {
  private static final int MAX_DEPTH = 200;
  private final String text;
  private int at;
  private int depth;

  private WaveParser(String text) {
    this.text = text;
  }

  /**
   * A value of this type.
   *
   * @throws IllegalArgumentException when the text is no such value; the message says where
   */
  public static Value parse(ValueType type, String text) {
    WaveParser parser = new WaveParser(text);
    Value value = parser.value(type);
    parser.space();
    if (parser.at < text.length()) {
      throw parser.expected("the end");
    }
    return value;
  }

  /** The values of a parameter list: {@code 1, "two"} with or without parentheses around. */
  public static List<Value> parseAll(List<ValueType> types, String text) {
    WaveParser parser = new WaveParser(text);
    parser.space();
    boolean open = types.size() != 1 && parser.take('(');
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      if (i > 0) {
        parser.require(',');
      }
      values.add(parser.value(types.get(i)));
    }
    if (open) {
      parser.require(')');
    }
    parser.space();
    if (parser.at < text.length()) {
      throw parser.expected("the end");
    }
    return values;
  }

  private IllegalArgumentException expected(String what) {
    String got =
        at < text.length()
            ? "`" + text.substring(at, Math.min(at + 12, text.length())) + "`"
            : "the end";
    return new IllegalArgumentException(
        "value at column " + (at + 1) + ": got " + got + " (expected: " + what + ")");
  }

  private void space() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else {
        return;
      }
    }
  }

  private boolean take(char c) {
    space();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void require(char c) {
    if (!take(c)) {
      throw expected("`" + c + "`");
    }
  }

  private Value value(ValueType type) {
    if (++depth > MAX_DEPTH) {
      throw expected("no deeper nesting");
    }
    space();
    Value value =
        switch (type) {
          case ValueType.Primitive p -> primitive(p);
          case ValueType.ListType t -> new Value.Parts(list(t.element()));
          case ValueType.FixedListType t -> {
            List<Value> parts = list(t.element());
            if (parts.size() != t.length()) {
              throw expected("a list of " + t.length());
            }
            yield new Value.Parts(parts);
          }
          case ValueType.TupleType t -> tuple(t);
          case ValueType.RecordType t -> record(t);
          case ValueType.VariantType t -> variant(t);
          case ValueType.EnumType t ->
              new Value.CaseOf(index(t.names(), word("a case of the enum")), null);
          case ValueType.FlagsType t -> flags(t);
          case ValueType.OptionType t -> option(t);
          case ValueType.ResultType t -> result(t);
          case ValueType.OwnType t -> throw expected("no handle: it has no text");
          case ValueType.BorrowType t -> throw expected("no handle: it has no text");
          case ValueType.StreamType t -> throw expected("no stream: it has no text");
          case ValueType.FutureType t -> throw expected("no future: it has no text");
        };
    depth--;
    return value;
  }

  private List<Value> list(ValueType element) {
    require('[');
    List<Value> parts = new ArrayList<>();
    while (!take(']')) {
      parts.add(value(element));
      if (!take(',')) {
        require(']');
        break;
      }
    }
    return parts;
  }

  private Value tuple(ValueType.TupleType type) {
    require('(');
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < type.elements().size(); i++) {
      if (i > 0) {
        require(',');
      }
      parts.add(value(type.elements().get(i)));
    }
    take(',');
    require(')');
    return new Value.Parts(parts);
  }

  private Value record(ValueType.RecordType type) {
    require('{');
    @Nullable Value[] parts = new Value[type.fields().size()];
    take(':');
    while (!take('}')) {
      space();
      int start = at;
      String name = word("a field");
      int index = -1;
      for (int i = 0; i < parts.length; i++) {
        if (type.fields().get(i).name().equals(name)) {
          index = i;
        }
      }
      if (index < 0 || parts[index] != null) {
        at = start;
        throw expected(
            "a field, once, of " + type.fields().stream().map(ValueType.Field::name).toList());
      }
      require(':');
      parts[index] = value(type.fields().get(index).type());
      if (!take(',')) {
        require('}');
        break;
      }
    }
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      Value part = parts[i];
      if (part == null) {
        if (!(type.fields().get(i).type() instanceof ValueType.OptionType)) {
          throw expected("the field " + type.fields().get(i).name());
        }
        part = new Value.Option(null);
      }
      values.add(part);
    }
    return new Value.Parts(values);
  }

  private Value variant(ValueType.VariantType type) {
    int index =
        index(
            type.cases().stream().map(ValueType.Case::name).toList(),
            word("a case of the variant"));
    return new Value.CaseOf(index, payload(type.cases().get(index).payload()));
  }

  private @Nullable Value payload(@Nullable ValueType type) {
    if (type == null) {
      return null;
    }
    require('(');
    Value value = value(type);
    require(')');
    return value;
  }

  private int index(List<String> names, String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      at -= name.length();
      throw expected("one of " + names);
    }
    return index;
  }

  private Value flags(ValueType.FlagsType type) {
    require('{');
    long bits = 0;
    while (!take('}')) {
      String name = word("a flag");
      long bit = 1L << index(type.names(), name);
      if ((bits & bit) != 0) {
        at -= name.length();
        throw expected("each flag once");
      }
      bits |= bit;
      if (!take(',')) {
        require('}');
        break;
      }
    }
    return new Value.Flags(bits);
  }

  private Value option(ValueType.OptionType type) {
    if (keyword("none")) {
      return new Value.Option(null);
    }
    return new Value.Option(keyword("some") ? payload(type.some()) : value(type.some()));
  }

  private Value result(ValueType.ResultType type) {
    if (keyword("ok")) {
      return new Value.ResultOf(true, payload(type.ok()));
    }
    if (keyword("err")) {
      return new Value.ResultOf(false, payload(type.err()));
    }
    ValueType ok = type.ok();
    if (ok == null) {
      throw expected("ok or err");
    }
    return new Value.ResultOf(true, value(ok));
  }

  /** Takes a word if it stands here whole. */
  private boolean keyword(String word) {
    space();
    int end = at + word.length();
    boolean here =
        text.startsWith(word, at) && (end >= text.length() || !wordPart(text.charAt(end)));
    if (here) {
      at = end;
    }
    return here;
  }

  private static boolean wordPart(char c) {
    return c == '-' || (c < 128 && Character.isLetterOrDigit(c));
  }

  private String word(String what) {
    space();
    if (at < text.length() && text.charAt(at) == '%') {
      at++;
    }
    int start = at;
    while (at < text.length() && wordPart(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw expected(what);
    }
    return text.substring(start, at);
  }

  private Value primitive(ValueType.Primitive type) {
    return switch (type) {
      case BOOL -> {
        if (keyword("true")) {
          yield new Value.Bool(true);
        }
        if (keyword("false")) {
          yield new Value.Bool(false);
        }
        throw expected("true or false");
      }
      case S8, U8, S16, U16, S32, U32, S64, U64 -> integer(type);
      case F32, F64 -> floating();
      case CHAR -> {
        if (at >= text.length() || text.charAt(at) != '\'') {
          throw expected("a char like 'a'");
        }
        at++;
        int c = character('\'');
        if (at >= text.length() || text.charAt(at) != '\'') {
          throw expected("`'`");
        }
        at++;
        yield new Value.Char(c);
      }
      case STRING -> {
        if (at >= text.length() || text.charAt(at) != '"') {
          throw expected("a string like \"a\"");
        }
        at++;
        StringBuilder string = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
          string.appendCodePoint(character('"'));
        }
        if (at >= text.length()) {
          throw expected("`\"`");
        }
        at++;
        yield new Value.Text(string.toString());
      }
      case ERROR_CONTEXT -> throw expected("no error-context: it has no text");
    };
  }

  private Value integer(ValueType.Primitive type) {
    int start = at;
    if (at < text.length() && text.charAt(at) == '-') {
      at++;
    }
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    String digits = text.substring(start, at);
    boolean signed = type.name().startsWith("S");
    int bits = Integer.parseInt(type.name().substring(1));
    String range = type.name().toLowerCase(Locale.ROOT);
    if (digits.isEmpty() || digits.equals("-") || digits.length() > 21) {
      at = start;
      throw expected("an integer of type " + range);
    }
    BigInteger number = new BigInteger(digits);
    boolean fits =
        signed ? number.bitLength() < bits : number.signum() >= 0 && number.bitLength() <= bits;
    if (!fits) {
      at = start;
      throw expected("an integer in the range of " + range);
    }
    return new Value.Int(number.longValue());
  }

  private Value floating() {
    for (String word : List.of("nan", "inf", "-inf")) {
      if (keyword(word)) {
        return new Value.Real(
            word.equals("nan")
                ? Double.NaN
                : word.equals("inf") ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
      }
    }
    int start = at;
    while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    try {
      return new Value.Real(Double.parseDouble(text.substring(start, at)));
    } catch (NumberFormatException e) {
      at = start;
      throw expected("a number");
    }
  }

  private int character(char quote) {
    if (at >= text.length()) {
      throw expected("`" + quote + "`");
    }
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    if (c != '\\') {
      return c;
    }
    char escape = at < text.length() ? text.charAt(at++) : 0;
    return switch (escape) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '\\', '"', '\'' -> escape;
      case 'u' -> {
        int end = text.indexOf('}', at);
        boolean braces = at < text.length() && text.charAt(at) == '{' && end > at && end - at < 9;
        try {
          int code = braces ? Integer.parseInt(text.substring(at + 1, end), 16) : -1;
          boolean scalar =
              code >= 0 && Character.isValidCodePoint(code) && (code < 0xd800 || code > 0xdfff);
          if (!scalar) {
            throw expected("an escape like \\u{1f600}");
          }
          at = end + 1;
          yield code;
        } catch (NumberFormatException e) {
          throw expected("an escape like \\u{1f600}");
        }
      }
      default -> {
        at--;
        throw expected("an escape: " + Arrays.asList("\\n", "\\r", "\\t", "\\\\", "\\u{...}"));
      }
    };
  }
}
