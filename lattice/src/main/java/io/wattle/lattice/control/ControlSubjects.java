package io.wattle.lattice.control;

/**
 * The subjects of the control interface of one lattice (section 2.2), and the queue groups all
 * hosts, of whatever make, must share.
 *
 * @param prefix {@code wasmbus.ctl}
 * @param lattice name of the lattice
 */
public record ControlSubjects(String prefix, String lattice) {

  /** What a subject begins with, dot included. */
  public String base() {
    return prefix + ".v1." + lattice + ".";
  }

  /** Any subject, by its suffix: {@code host.ping}. */
  public String of(String suffix) {
    return base() + suffix;
  }

  /** The suffix of a subject: {@code host.get.N...}. */
  public String suffix(String subject) {
    if (!subject.startsWith(base())) {
      throw new IllegalArgumentException(
          "subject: " + subject + " (expected: " + base() + " and more)");
    }
    return subject.substring(base().length());
  }

  /** The group that shares the link subjects. */
  public String linkQueue() {
    return base() + "link";
  }

  /** The group that shares the config subjects. */
  public String configQueue() {
    return base() + "config";
  }

  /** The group that shares the claims subject. */
  public String claimsQueue() {
    return base() + "claims";
  }

  /** Scatter/gather: every host answers. */
  public String hostPing() {
    return of("host.ping");
  }

  /** A host's inventory. */
  public String hostGet(String host) {
    return of("host.get." + host);
  }

  /** Stops a host. */
  public String hostStop(String host) {
    return of("host.stop." + host);
  }

  /** Sets a label. */
  public String labelPut(String host) {
    return of("label.put." + host);
  }

  /** Removes a label. */
  public String labelDel(String host) {
    return of("label.del." + host);
  }

  /** Scatter/gather: who could run a component. */
  public String componentAuction() {
    return of("component.auction");
  }

  /** Sets how many invocations of a component may be in flight. */
  public String componentScale(String host) {
    return of("component.scale." + host);
  }

  /** Our own: has a component compiled ahead. */
  public String componentPrepare(String host) {
    return of("component.wattle_prepare." + host);
  }

  /** Replaces a component's code. */
  public String componentUpdate(String host) {
    return of("component.update." + host);
  }

  /** Scatter/gather: who could run a provider. */
  public String providerAuction() {
    return of("provider.auction");
  }

  /** Starts a provider. */
  public String providerStart(String host) {
    return of("provider.start." + host);
  }

  /** Stops a provider. */
  public String providerStop(String host) {
    return of("provider.stop." + host);
  }

  /** Stores a link. */
  public String linkPut() {
    return of("link.put");
  }

  /** Removes a link. */
  public String linkDel() {
    return of("link.del");
  }

  /** All links. */
  public String linkGet() {
    return of("link.get");
  }

  /** Stores a config. */
  public String configPut(String name) {
    return of("config.put." + name);
  }

  /** Removes a config. */
  public String configDel(String name) {
    return of("config.del." + name);
  }

  /** Reads a config. */
  public String configGet(String name) {
    return of("config.get." + name);
  }

  /** All claims. */
  public String claimsGet() {
    return of("claims.get");
  }

  /** Credentials for registries. */
  public String registryPut() {
    return of("registry.put");
  }
}
