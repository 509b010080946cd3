package io.wattle.controlplane.manifest;

/**
 * Text to {@link Tree}, with bounds: a manifest is a page of text, whoever sends more is refused.
 */
final class TreeReader {
  /** Characters; a NATS message carries no more either. */
  static final int MAX_LENGTH = 1 << 20;

  /** Mappings and lists in each other. */
  static final int MAX_DEPTH = 40;

  /** Values after aliases are followed, which is where a small text grows. */
  static final int MAX_NODES = 100_000;

  private TreeReader() {}

  static Tree read(String text, Format format) throws ManifestSyntaxException {
    if (text.length() > MAX_LENGTH) {
      throw new ManifestSyntaxException(
          Position.START,
          "the manifest has " + text.length() + " characters (expected: <= " + MAX_LENGTH + ")");
    }
    return switch (format) {
      case JSON -> JsonTree.read(text);
      case YAML -> {
        if (!text.stripLeading().startsWith("{")) {
          yield YamlTree.read(text);
        }
        try {
          yield JsonTree.read(text);
        } catch (ManifestSyntaxException json) {
          // A YAML flow mapping begins like JSON; if it is neither, JSON's complaint is the useful
          // one.
          try {
            yield YamlTree.read(text);
          } catch (ManifestSyntaxException yaml) {
            throw json;
          }
        }
      }
    };
  }

  /** Counts the values of one document and says stop. */
  static final class Budget {
    private int nodes;

    void take(Position at, int depth) throws ManifestSyntaxException {
      if (depth > MAX_DEPTH) {
        throw new ManifestSyntaxException(at, "nested deeper than " + MAX_DEPTH + " levels");
      }
      if (++nodes > MAX_NODES) {
        throw new ManifestSyntaxException(
            at, "more than " + MAX_NODES + " values once aliases are followed");
      }
    }
  }
}
