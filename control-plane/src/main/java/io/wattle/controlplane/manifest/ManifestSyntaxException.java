package io.wattle.controlplane.manifest;

/** The text is neither YAML nor JSON, or too big or too deep to be a manifest. */
final class ManifestSyntaxException extends Exception {
  private final transient Position at;

  ManifestSyntaxException(Position at, String message) {
    super(message);
    this.at = at;
  }

  Position at() {
    return at;
  }

  String text() {
    String message = getMessage();
    return message == null ? "not readable" : message;
  }
}
