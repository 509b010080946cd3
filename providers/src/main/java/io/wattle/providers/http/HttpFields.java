package io.wattle.providers.http;

import io.wattle.wit.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Headers between Vert.x or Netty and WIT. */
public final class HttpFields {
  /** Headers of one connection, which never pass on (RFC 9110, section 7.6.1). */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private HttpFields() {}

  /** Headers or trailers as WIT has them; those of one connection are left out. */
  public static Fields of(Iterable<Map.Entry<String, String>> lines) {
    List<Fields.Entry> entries = new ArrayList<>();
    for (Map.Entry<String, String> line : lines) {
      String name = line.getKey().toLowerCase(Locale.ROOT);
      if (!HOP_BY_HOP.contains(name)) {
        entries.add(new Fields.Entry(name, line.getValue().getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
    return new Fields(entries);
  }

  /** Whether a header belongs to one connection. */
  public static boolean hopByHop(String name) {
    return HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT));
  }
}
