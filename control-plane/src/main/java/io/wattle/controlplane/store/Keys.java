package io.wattle.controlplane.store;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Keys of the bucket: {@code app.LATTICE.APP} and {@code rev.LATTICE.APP.REVISION}. */
final class Keys {
  /** The bucket. */
  static final String BUCKET = "WATTLE_APPS";

  /** Matches every record. */
  static final String ALL_APPS = "app.>";

  private Keys() {}

  /** Which application a key is about. */
  record App(String lattice, String name) {}

  static String app(String lattice, String name) {
    return "app." + lattice + "." + encode(name);
  }

  static String revision(String lattice, String name, String revision) {
    return "rev." + lattice + "." + encode(name) + "." + revision;
  }

  static Optional<App> parse(String key) {
    String[] parts = key.split("\\.", -1);
    return parts.length == 3 && parts[0].equals("app")
        ? Optional.of(new App(parts[1], decode(parts[2])))
        : Optional.empty();
  }

  /**
   * A name may have letters of any script, a key may not: others become {@code =} and two hex
   * digits a byte.
   */
  static String encode(String name) {
    StringBuilder key = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      key.append(plain ? String.valueOf(c) : "=%02x".formatted((int) c));
    }
    return key.toString();
  }

  private static String decode(String key) {
    byte[] bytes = new byte[key.length()];
    int length = 0;
    for (int i = 0; i < key.length(); i++) {
      if (key.charAt(i) == '=' && i + 2 < key.length()) {
        bytes[length++] = (byte) Integer.parseInt(key, i + 1, i + 3, 16);
        i += 2;
      } else {
        bytes[length++] = (byte) key.charAt(i);
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
