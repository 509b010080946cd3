package io.wattle.lattice;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * User and password in an address, {@code nats://user:password@host}: they are taken out of it, for
 * an address is shown to people and written to logs.
 */
final class UserInfo {
  private static final Pattern USER_INFO = Pattern.compile("://([^/@,]*)@");

  private UserInfo() {}

  /** The address without them. */
  static String without(String url) {
    return USER_INFO.matcher(url).replaceAll("://");
  }

  /** What they say; the first, when there are several addresses. */
  static Credentials in(String url) {
    Matcher found = USER_INFO.matcher(url);
    if (!found.find()) {
      return Credentials.None.NONE;
    }
    String info = found.group(1);
    int colon = info.indexOf(':');
    return colon < 0
        ? new Credentials.Token(decoded(info))
        : new Credentials.UserPassword(
            decoded(info.substring(0, colon)), decoded(info.substring(colon + 1)));
  }

  /** {@code +} is itself here. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
