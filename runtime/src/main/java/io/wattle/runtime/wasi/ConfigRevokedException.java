package io.wattle.runtime.wasi;

/** A configuration that a component was given is taken away. */
public final class ConfigRevokedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String by;

  /**
   * Of one config.
   *
   * @param config its name
   * @param by who took it away
   */
  public ConfigRevokedException(String config, String by) {
    super("config " + config + " was deleted");
    this.by = by;
  }

  /** What the guest is told that used this interface. */
  String text(String instance) {
    return "revoked: "
        + instance.substring(0, instance.indexOf('@'))
        + " by "
        + by
        + " ("
        + getMessage()
        + ")";
  }
}
