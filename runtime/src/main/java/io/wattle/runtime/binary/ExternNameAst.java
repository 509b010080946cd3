package io.wattle.runtime.binary;

import org.jspecify.annotations.Nullable;

/**
 * The name of an import or export with its attributes (Binary.md, {@code nameattributes}).
 *
 * @param implemented the interface that an instance implements under a name of its own, or null
 * @param versionSuffix what was split off the version of an interface name, or null
 * @param externalId how the host knows it, or null
 */
public record ExternNameAst(
    String name,
    @Nullable String implemented,
    @Nullable String versionSuffix,
    @Nullable String externalId) {
  /** A name without attributes. */
  public static ExternNameAst of(String name) {
    return new ExternNameAst(name, null, null, null);
  }
}
