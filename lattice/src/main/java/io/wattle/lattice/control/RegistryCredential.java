package io.wattle.lattice.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** How to log in at a registry (section 2.14). No secret shows in {@code toString}. */
public record RegistryCredential(
    @Nullable String username,
    @Nullable String password,
    @Nullable String token,
    @JsonProperty("registryType") @Nullable String registryType) {
  @Override
  public String toString() {
    return "registry credential of " + (username == null ? "nobody" : username);
  }
}
