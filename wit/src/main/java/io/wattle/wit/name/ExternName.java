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

  /**
   * An interface: {@code wasi:http/types@0.2.2}.
   *
   * @param versionText the version as written, empty when there is none: also a canonical one like
   *     {@code 0.2}, which stands for all that are compatible
   */
  record Interface(
      String namespace,
      String packageName,
      String name,
      Optional<SemanticVersion> version,
      String versionText)
      implements ExternName {

    /** The version when a suffix is put back that was split off; empty when it does not fit. */
    public Optional<String> withSuffix(String suffix) {
      String full = versionText + suffix;
      return SemanticVersion.parse(full)
          .filter(v -> !versionText.isEmpty() && v.canonical().equals(versionText))
          .map(v -> full);
    }

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
      return namespace
          + ":"
          + packageName
          + "/"
          + name
          + (versionText.isEmpty() ? "" : "@" + versionText);
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
    if (kind == Kind.LABEL) {
      throw new IllegalArgumentException(
          "`"
              + text
              + "` is not a valid extern name (expected: [constructor]r, [method]r.f or"
              + " [static]r.f)");
    }
    int dot = text.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException(
          "`" + text + "`: failed to find `.` character (expected: " + text + ".f)");
    }
    return new Plain(
        kind, label(text.substring(8, dot), text), label(text.substring(dot + 1), text));
  }

  private static Interface interfaceName(String text) {
    int at = text.indexOf('@');
    String path = at < 0 ? text : text.substring(0, at);
    int colon = path.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "`" + text + "` is not a valid extern name (expected: ns:package/name@version)");
    }
    String namespace = words(path.substring(0, colon), text);
    int slash = path.indexOf('/', colon);
    String packageName = path.substring(colon + 1, slash < 0 ? path.length() : slash);
    if (packageName.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "`" + text + "`: expected `/` after package name (nested namespaces are not supported)");
    }
    packageName = words(packageName, text);
    if (slash < 0) {
      throw new IllegalArgumentException(
          "`" + text + "` is not a valid interface name (expected: ns:package/name@version)");
    }
    String name = path.substring(slash + 1);
    int more = name.indexOf('/');
    if (more >= 0) {
      throw new IllegalArgumentException(
          "`"
              + text
              + "`: trailing characters found: `"
              + name.substring(more)
              + "` (nested interfaces are not supported)");
    }
    name = label(name, text);
    if (at < 0) {
      return new Interface(namespace, packageName, name, Optional.empty(), "");
    }
    String versionText = text.substring(at + 1);
    Optional<SemanticVersion> version = SemanticVersion.parseOrCanonical(versionText);
    if (version.isEmpty()) {
      throw new IllegalArgumentException(
          "`" + text + "` has no valid version (expected: major.minor.patch)");
    }
    return new Interface(namespace, packageName, name, version, versionText);
  }

  /** Lower-case words, as namespaces and packages have them. */
  private static String words(String part, String text) {
    if (!part.equals(part.toLowerCase(Locale.ROOT)) || !isLabel(part)) {
      throw new IllegalArgumentException(
          "`"
              + text
              + "` is not a valid extern name: `"
              + part
              + "` is not in kebab case (expected: lower-case words with hyphens between)");
    }
    return part;
  }

  private static String label(String part, String text) {
    if (!isLabel(part)) {
      throw new IllegalArgumentException(
          (part.equals(text) ? "" : "`" + text + "` is not a valid extern name: ")
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
      boolean inOneCase = isWord(word, 'a', 'z') || isWord(word, 'A', 'Z');
      if (word.isEmpty() || !inOneCase || (first && !isLetter(word.charAt(0)))) {
        return false;
      }
      first = false;
    }
    return true;
  }

  /** Whether it has digits and letters of that range only; called for each name of a component. */
  private static boolean isWord(String text, char from, char to) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < from || c > to) && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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
