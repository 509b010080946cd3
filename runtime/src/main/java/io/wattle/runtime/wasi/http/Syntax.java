package io.wattle.runtime.wasi.http;

import java.util.Locale;
import java.util.Set;

/** What HTTP allows where a guest gives a text (RFC 9110, RFC 3986). */
final class Syntax {
  /**
   * Fields a guest may not set and does not see: they belong to the connection, or to the request
   * target (host).
   */
  private static final Set<String> FORBIDDEN =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "transfer-encoding",
          "upgrade",
          "host",
          "http2-settings");

  private static final int PORT_MAX = 65_535;

  /** No method, scheme, authority, target or field name is longer, in characters. */
  private static final int LONGEST = 64 * 1024;

  private Syntax() {}

  static boolean forbidden(String field) {
    return FORBIDDEN.contains(field.toLowerCase(Locale.ROOT));
  }

  /** {@code token}: methods and field names. */
  static boolean token(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!alphanumeric(c) && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= LONGEST;
  }

  /** A field's value: no control characters but the tab. */
  static boolean fieldValue(byte[] value) {
    for (byte b : value) {
      if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  static boolean scheme(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!alphanumeric(c) && "+-.".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= LONGEST && Character.isLetter(text.charAt(0));
  }

  /** Path and query, without a fragment. */
  static boolean target(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == 0x7f || c == '#') {
        return false;
      }
    }
    boolean form =
        text.isEmpty() || text.charAt(0) == '/' || text.charAt(0) == '?' || text.equals("*");
    return form && text.length() <= LONGEST;
  }

  static boolean authority(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!alphanumeric(c) && "-._~!$&'()*+,;=:@%[]".indexOf(c) < 0) {
        return false;
      }
    }
    String host = text.substring(text.lastIndexOf('@') + 1);
    int afterAddress = host.startsWith("[") ? host.indexOf(']') : 0;
    int colon = afterAddress < 0 ? -1 : host.indexOf(':', afterAddress);
    return afterAddress >= 0
        && !host.isEmpty()
        && text.length() <= LONGEST
        && colon != 0
        && (colon < 0 || port(host.substring(colon + 1)));
  }

  private static boolean port(String text) {
    return !text.isEmpty()
        && text.length() <= 5
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && Integer.parseInt(text) <= PORT_MAX;
  }

  private static boolean alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
