package io.wattle.host.provider;

import io.wattle.providers.ProviderFactory;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which image references our own providers answer to: {@code wattle://http-server}, {@code
 * wasmcloud+builtin://http-server}, and, when they are preferred, {@code
 * ghcr.io/wasmcloud/http-server} of any tag. Executables are run by {@code file://}.
 */
public final class BuiltinProviders {
  private static final String FILE = "file://";
  private static final String OURS = "wattle://";
  private static final String WASMCLOUD = "wasmcloud+builtin://";
  private static final String REGISTRY = "ghcr.io/wasmcloud/";

  private final Map<String, ProviderFactory> byKind = new TreeMap<>();
  private final Policy policy;
  private final boolean allowFiles;

  /**
   * Resolves references.
   *
   * @param allowFiles whether {@code file://} executables may be run
   */
  public BuiltinProviders(List<ProviderFactory> factories, Policy policy, boolean allowFiles) {
    factories.forEach(factory -> byKind.put(factory.kind(), factory));
    this.policy = policy;
    this.allowFiles = allowFiles;
  }

  /** The provider that a reference stands for, or why there is none. */
  Match match(String ref) {
    if (ref.startsWith(OURS)) {
      return kind(ref, ref, ref.substring(OURS.length()));
    }
    if (ref.startsWith(WASMCLOUD)) {
      String name = ref.substring(WASMCLOUD.length());
      return kind(ref, name, name);
    }
    if (ref.startsWith(FILE)) {
      return executable(ref);
    }
    String bare = withoutScheme(ref);
    String repository = repository(bare);
    boolean known =
        repository.startsWith(REGISTRY)
            && byKind.containsKey(repository.substring(REGISTRY.length()));
    if (known && policy == Policy.PREFER) {
      return kind(ref, bare, repository.substring(REGISTRY.length()));
    }
    return new Match.None(
        ref
            + ": pulling from a registry is not there yet (a provider's executable can be run as"
            + " file:///PATH)"
            + (known
                ? "; it would run as "
                    + OURS
                    + repository.substring(REGISTRY.length())
                    + " with --builtin-providers prefer"
                : "; this host has " + names()));
  }

  /** How a reference is reported: file references as paths, others without scheme. */
  static String withoutScheme(String ref) {
    for (String scheme : List.of("oci://", "https://", "http://", "file://")) {
      if (ref.startsWith(scheme)) {
        return ref.substring(scheme.length());
      }
    }
    return ref;
  }

  private Match executable(String ref) {
    if (!allowFiles) {
      return new Match.None(ref + ": this host does not load files (--allow-file-load)");
    }
    try {
      Path path = Path.of(URI.create(ref));
      String text = path.toString();
      if (text.endsWith(".par") || text.endsWith(".par.gz")) {
        return new Match.None(
            ref + ": provider archives are not unpacked (expected: the executable itself)");
      }
      return Files.isRegularFile(path) && Files.isExecutable(path)
          ? new Match.Executable(path, text)
          : new Match.None(
              ref + ": no executable file there on this host (expected: file:///PATH of one)");
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return new Match.None(ref + ": " + e.getMessage() + " (expected: file:///ABSOLUTE/PATH)");
    }
  }

  private Match kind(String ref, String reported, String kind) {
    ProviderFactory factory = byKind.get(kind);
    return factory == null
        ? new Match.None(ref + ": no such provider (this host has " + names() + ")")
        : new Match.Found(factory, reported, substitute(reported, kind));
  }

  private static Optional<String> substitute(String reported, String kind) {
    return reported.equals(OURS + kind) ? Optional.empty() : Optional.of(OURS + kind);
  }

  private String names() {
    return byKind.isEmpty()
        ? "none"
        : String.join(", ", byKind.keySet().stream().map(kind -> OURS + kind).toList());
  }

  private static String repository(String ref) {
    int digest = ref.indexOf('@');
    String tagged = digest < 0 ? ref : ref.substring(0, digest);
    int colon = tagged.lastIndexOf(':');
    return colon > tagged.lastIndexOf('/') ? tagged.substring(0, colon) : tagged;
  }

  /** Whether wasmCloud's image names mean our providers. */
  public enum Policy {
    /** They do. */
    PREFER,
    /** Only {@code wattle://} and {@code wasmcloud+builtin://} do. */
    NEVER
  }

  /** What a reference stands for. */
  sealed interface Match {
    /**
     * One of ours.
     *
     * @param reported the reference in events and inventory
     * @param substitute what runs instead of the reference, empty when that is what was asked for
     */
    record Found(ProviderFactory factory, String reported, Optional<String> substitute)
        implements Match {}

    /**
     * A program to be run as a process of its own.
     *
     * @param reported the reference in events and inventory: the absolute path
     */
    record Executable(Path path, String reported) implements Match {}

    /** Nothing this host can run, and why. */
    record None(String why) implements Match {}
  }
}
