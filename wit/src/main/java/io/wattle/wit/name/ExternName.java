package io.wattle.wit.name;

import java.util.Locale;
import java.util.Optional;

/** The name of an import or export. */
public sealed interface ExternName {

  /** A plain name: {@code run}, {@code [method]fields.get}. */
  record Plain(Kind kind, String resource, String label) implements ExternName {
    @Override
    public String toString() {
      return switch (kind) {
        case LABEL -> label;
        case CONSTRUCTOR -> "[constructor]" + resource;
        case METHOD -> "[method]" + resource + "." + label;
        case STATIC -> "[static]" + resource + "." + label;
      };
    }
  }

  /** An interface: {@code wasi:http/types@0.2.2}. */
  record Interface(
      String namespace, String packageName, String name, Optional<SemanticVersion> version)
      implements ExternName {

    /** Whether one may stand for the other: the same interface in a compatible version. */
    public boolean compatible(Interface other) {
      return namespace.equals(other.namespace)
          && packageName.equals(other.packageName)
          && name.equals(other.name)
          && (version.isPresent()
              ? other.version.isPresent() && version.get().compatible(other.version.get())
              : other.version.isEmpty());
    }

    @Override
    public String toString() {
      return namespace + ":" + packageName + "/" + name + version.map(v -> "@" + v).orElse("");
    }
  }

  /** What a plain name says about a function. */
  enum Kind {
    /** Nothing. */
    LABEL,
    CONSTRUCTOR,
    METHOD,
    STATIC
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException when it does not follow the grammar; the message says why
   */
  static ExternName parse(String text) {
    if (text.startsWith("[")) {
      return annotated(text);
    }
    if (text.indexOf(':') >= 0) {
      return interfaceName(text);
    }
    return new Plain(Kind.LABEL, "", label(text, text));
  }

  private static Plain annotated(String text) {
    if (text.startsWith("[constructor]")) {
      return new Plain(Kind.CONSTRUCTOR, label(text.substring(13), text), "");
    }
    Kind kind =
        text.startsWith("[method]")
            ? Kind.METHOD
            : text.startsWith("[static]") ? Kind.STATIC : Kind.LABEL;
    int dot = text.indexOf('.');
    if (kind == Kind.LABEL || dot < 0) {
      throw new IllegalArgumentException(
          "`"
              + text
              + "` is not a valid extern name (expected: [constructor]r, [method]r.f or"
              + " [static]r.f)");
    }
    return new Plain(
        kind, label(text.substring(8, dot), text), label(text.substring(dot + 1), text));
  }

  private static Interface interfaceName(String text) {
    int at = text.indexOf('@');
    String path = at < 0 ? text : text.substring(0, at);
    int colon = path.indexOf(':');
    int slash = path.indexOf('/');
    if (colon < 0 || slash < colon) {
      throw new IllegalArgumentException(
          "`" + text + "` is not a valid interface name (expected: ns:package/name@version)");
    }
    Optional<SemanticVersion> version = Optional.empty();
    if (at >= 0) {
      version = SemanticVersion.parse(text.substring(at + 1));
      if (version.isEmpty()) {
        throw new IllegalArgumentException(
            "`" + text + "` has no valid version (expected: major.minor.patch)");
      }
    }
    return new Interface(
        words(path.substring(0, colon), text),
        words(path.substring(colon + 1, slash), text),
        label(path.substring(slash + 1), text),
        version);
  }

  private static String words(String part, String text) {
    if (!part.equals(part.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("`" + text + "`: `" + part + "` is not in lower case");
    }
    return label(part, text);
  }

  private static String label(String part, String text) {
    if (!isLabel(part)) {
      throw new IllegalArgumentException(
          (part.equals(text) ? "" : "`" + text + "`: ")
              + "`"
              + part
              + "` is not in kebab case (expected: words of letters and digits with hyphens"
              + " between, each in one case)");
    }
    return part;
  }

  /** Whether a text is a label: kebab case, each word in one case, the first begins by a letter. */
  static boolean isLabel(String text) {
    boolean first = true;
    for (String word : text.split("-", -1)) {
      boolean letterFirst = !word.isEmpty() && Character.isLetter(word.charAt(0));
      boolean lower = word.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
      boolean upper = word.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
      if (word.isEmpty() || !(lower || upper) || (first && !letterFirst)) {
        return false;
      }
      first = false;
    }
    return true;
  }

  /**
   * What must differ between names of one scope (Explainer, "Name Uniqueness"): names that differ
   * only in case or annotation are the same, except for constructors.
   */
  default String uniqueKey() {
    String key =
        switch (this) {
          case Interface i -> i.toString();
          case Plain p ->
              switch (p.kind()) {
                case LABEL -> p.label();
                case CONSTRUCTOR -> p.toString();
                case METHOD, STATIC ->
                    p.resource().equals(p.label()) ? p.label() : p.resource() + "." + p.label();
              };
        };
    return key.toLowerCase(Locale.ROOT);
  }
}
