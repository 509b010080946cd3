package io.wattle.host.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.control.StartProvider;
import java.util.Map;
import java.util.Optional;

/** A provider of this host. What it is told comes from one thread at a time. */
sealed interface RunningProvider permits HostedProvider, ExternalProvider {
  /** What it was started by. */
  StartProvider command();

  default String id() {
    return command().providerId();
  }

  default Map<String, String> annotations() {
    Map<String, String> given = command().annotations();
    return given == null ? Map.of() : given;
  }

  /** The image as events and the inventory say it. */
  String reportedImage();

  /** What the inventory and the start event say besides the protocol's fields. */
  Map<String, JsonNode> extra();

  /** Whether others call it, so that it has to outlive them. */
  boolean isCalled();

  /** Whether links are to be tried again, or to be taken back. */
  boolean isUnsettled();

  /** Whether it is well now. */
  boolean isHealthy();

  /** Its health, if that changed since the last time: empty inside when it is well. */
  Optional<Optional<String>> healthChange();

  /** Tells the provider what it does not know yet. */
  void reconcile() throws InterruptedException;

  /** Takes back what it offers, and ends it when what runs is finished. */
  void stop() throws InterruptedException;

  /** For the inventory. */
  default ProviderDescription describe() {
    return new ProviderDescription(id(), reportedImage(), null, 0, annotations(), extra());
  }
}
