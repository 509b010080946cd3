package io.wattle.runtime.debug;

import org.jspecify.annotations.Nullable;

/**
 * Names of Rust's functions as their programmers write them: the older mangling ({@code
 * _ZN4core9panicking5panic17h...E}) and version 0 ({@code _RNvC...}; Rust reference and RFC 2603),
 * of which generic arguments are left out. What is not one stays as it is.
 */
final class RustSymbol {
  private static final int LONGEST = 200;
  private static final int DEEPEST = 64;
  private static final int MOST_STEPS = 10_000;
  private static final int HASH = 17;
  private static final String BASIC =
      "a:i8 b:bool c:char d:f64 e:str f:f32 h:u8 i:isize j:usize "
          + "l:i32 m:u32 n:i128 o:u128 s:i16 t:u16 u:() v:... x:i64 y:u64 z:! p:_ ";

  private final String text;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int depth;
  private int steps;

  private RustSymbol(String text, int at) {
    this.text = text;
    this.at = at;
  }

  /** The name to show; at most a line of it. */
  static String readable(String symbol) {
    String name = null;
    if (symbol.startsWith("_ZN")) {
      name = new RustSymbol(symbol, 3).older();
    } else if (symbol.startsWith("_R")) {
      name = new RustSymbol(symbol, 2).versionZero();
    }
    String shown = (name == null ? symbol : name).replaceAll("\\p{Cntrl}", "?");
    return shown.length() > LONGEST ? shown.substring(0, LONGEST) + "..." : shown;
  }

  // --- the older mangling

  private @Nullable String older() {
    while (at < text.length() && text.charAt(at) != 'E') {
      int length = number();
      if (length <= 0 || length > text.length() - at) {
        return null;
      }
      String part = text.substring(at, at + length);
      at += length;
      boolean last = at < text.length() && text.charAt(at) == 'E';
      if (last && length == HASH && part.startsWith("h")) {
        break;
      }
      out.append(out.isEmpty() ? "" : "::").append(unescaped(part));
    }
    return at < text.length() ? out.toString() : null;
  }

  private static String unescaped(String part) {
    String escaped = part.startsWith("_$") ? part.substring(1) : part;
    StringBuilder plain = new StringBuilder();
    int i = 0;
    while (i < escaped.length()) {
      int end = escaped.charAt(i) == '$' ? escaped.indexOf('$', i + 1) : -1;
      String replaced = end < 0 ? null : escape(escaped.substring(i + 1, end));
      if (replaced != null) {
        plain.append(replaced);
        i = end + 1;
      } else if (escaped.startsWith("..", i)) {
        plain.append("::");
        i += 2;
      } else {
        plain.append(escaped.charAt(i++));
      }
    }
    return plain.toString();
  }

  private static @Nullable String escape(String code) {
    return switch (code) {
      case "SP" -> "@";
      case "BP" -> "*";
      case "RF" -> "&";
      case "LT" -> "<";
      case "GT" -> ">";
      case "LP" -> "(";
      case "RP" -> ")";
      case "C" -> ",";
      default -> {
        try {
          yield code.startsWith("u")
              ? Character.toString(Integer.parseInt(code, 1, code.length(), 16))
              : null;
        } catch (IllegalArgumentException e) {
          yield null;
        }
      }
    };
  }

  // --- version 0

  private static final class NotOne extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotOne() {
      super(null, null, false, false);
    }
  }

  private @Nullable String versionZero() {
    try {
      path();
      return out.toString();
    } catch (NotOne e) {
      return null;
    }
  }

  private char next() {
    // References back to references back take exponential time.
    if (at >= text.length() || out.length() > 2 * LONGEST || ++steps > MOST_STEPS) {
      throw new NotOne();
    }
    return text.charAt(at++);
  }

  private boolean follows(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void path() {
    if (++depth > DEEPEST) {
      throw new NotOne();
    }
    switch (next()) {
      case 'C' -> identifier();
      case 'M' -> {
        silently(this::implementation);
        out.append('<');
        type();
        out.append('>');
      }
      case 'X' -> {
        silently(this::implementation);
        traitOf();
      }
      case 'Y' -> traitOf();
      case 'N' -> {
        char space = next();
        path();
        boolean closure = space == 'C';
        out.append("::");
        int before = out.length();
        identifier();
        if (closure) {
          out.setLength(before);
          out.append("{closure}");
        }
      }
      case 'I' -> {
        path();
        silently(this::arguments);
      }
      case 'B' -> back(this::path);
      default -> throw new NotOne();
    }
    depth--;
  }

  private void traitOf() {
    out.append('<');
    type();
    out.append(" as ");
    path();
    out.append('>');
  }

  private void implementation() {
    disambiguator();
    path();
  }

  /** Generic arguments: a reader of a trap does not miss them. */
  private void arguments() {
    while (!follows('E')) {
      if (follows('L')) {
        base62();
      } else if (follows('K')) {
        constant();
      } else {
        type();
      }
    }
  }

  private void constant() {
    if (follows('B')) {
      back(this::constant);
      return;
    }
    if (!follows('p')) {
      next(); // its type
      while (next() != '_') {
        // digits
      }
    }
  }

  private void type() {
    if (++depth > DEEPEST) {
      throw new NotOne();
    }
    char tag = next();
    int basic = BASIC.indexOf(tag + ":");
    if (basic >= 0 && (basic == 0 || BASIC.charAt(basic - 1) == ' ')) {
      out.append(BASIC, basic + 2, BASIC.indexOf(' ', basic));
      depth--;
      return;
    }
    switch (tag) {
      case 'R', 'Q' -> {
        if (follows('L')) {
          base62();
        }
        out.append(tag == 'R' ? "&" : "&mut ");
        type();
      }
      case 'P', 'O' -> {
        out.append(tag == 'P' ? "*const " : "*mut ");
        type();
      }
      case 'S' -> {
        out.append('[');
        type();
        out.append(']');
      }
      case 'A' -> {
        out.append('[');
        type();
        silently(this::constant);
        out.append("; _]");
      }
      case 'T' -> {
        out.append('(');
        for (String separator = ""; !follows('E'); separator = ", ") {
          out.append(separator);
          type();
        }
        out.append(')');
      }
      case 'B' -> back(this::type);
      case 'F', 'D' -> throw new NotOne(); // rare, and long
      default -> {
        at--;
        path();
      }
    }
    depth--;
  }

  private void back(Runnable what) {
    int position = at - 1;
    long target = base62() + 2;
    if (target < 2 || target >= position) {
      throw new NotOne();
    }
    int resume = at;
    at = (int) target;
    if (++depth > DEEPEST) {
      throw new NotOne();
    }
    what.run();
    depth--;
    at = resume;
  }

  private void silently(Runnable what) {
    int length = out.length();
    what.run();
    out.setLength(length);
  }

  private void disambiguator() {
    if (follows('s')) {
      base62();
    }
  }

  private void identifier() {
    disambiguator();
    boolean punycode = follows('u');
    int length = number();
    follows('_');
    if (length < 0 || length > text.length() - at) {
      throw new NotOne();
    }
    out.append(punycode ? "u" : "").append(text, at, at + length);
    at += length;
  }

  private int number() {
    if (follows('0')) {
      return 0;
    }
    int value = 0;
    int from = at;
    while (at < text.length() && Character.isDigit(text.charAt(at)) && at - from < 8) {
      value = value * 10 + Character.digit(text.charAt(at++), 10);
    }
    return at == from ? -1 : value;
  }

  /** Of 64 bits; what is larger is no number that is needed. */
  private long base62() {
    if (follows('_')) {
      return 0;
    }
    long value = 0;
    for (char c = next(); c != '_'; c = next()) {
      int digit =
          c >= '0' && c <= '9'
              ? c - '0'
              : c >= 'a' && c <= 'z' ? c - 'a' + 10 : c >= 'A' && c <= 'Z' ? c - 'A' + 36 : -1;
      value = value * 62 + digit;
      if (digit < 0) {
        throw new NotOne();
      }
    }
    return value + 1;
  }
}
