package io.wattle.lattice.provider;

/**
 * The subjects by which a host and a provider's process speak (section 7.4).
 *
 * @param lattice the lattice
 * @param provider the provider's id
 */
public record ProviderSubjects(String lattice, String provider) {
  /** Asks whether it is healthy: {@link Health}. */
  public String health() {
    return of("health");
  }

  /** Asks it to end. */
  public String shutdown() {
    return of("default.shutdown");
  }

  /** Tells a link. */
  public String linkPut() {
    return of("linkdefs.put");
  }

  /** Tells that a link is gone. */
  public String linkDel() {
    return of("linkdefs.del");
  }

  /** Tells its own configuration. */
  public String configUpdate() {
    return of("config.update");
  }

  private String of(String suffix) {
    return "wasmbus.rpc." + lattice + "." + provider + "." + suffix;
  }
}
