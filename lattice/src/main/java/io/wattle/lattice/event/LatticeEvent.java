package io.wattle.lattice.event;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.link.Link;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can happen, and the data each event carries (section 3). {@code extra} holds fields of other
 * versions, and ours.
 */
public sealed interface LatticeEvent {

  /** A host joined. */
  record HostStarted(
      String friendlyName,
      Map<String, String> labels,
      long uptimeSeconds,
      String version,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public HostStarted {
      friendlyName = Fill.text(friendlyName);
      labels = Fill.map(labels);
      version = Fill.text(version);
      extra = Fill.map(extra);
    }
  }

  /** A host is alive; its inventory. */
  record HostHeartbeat(HostInventory inventory) implements LatticeEvent {}

  /** A host left in good order. */
  record HostStopped(
      Map<String, String> labels, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public HostStopped {
      labels = Fill.map(labels);
      extra = Fill.map(extra);
    }
  }

  /** A host's labels, all of them. */
  record LabelsChanged(
      String hostId,
      Map<String, String> labels,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public LabelsChanged {
      hostId = Fill.text(hostId);
      labels = Fill.map(labels);
      extra = Fill.map(extra);
    }
  }

  /** A component now runs with this many instances at most; 0 is stopped. */
  record ComponentScaled(
      String componentId,
      String imageRef,
      long maxInstances,
      String hostId,
      Map<String, String> annotations,
      @Nullable String publicKey,
      @Nullable JsonNode claims,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public ComponentScaled {
      componentId = Fill.text(componentId);
      imageRef = Fill.text(imageRef);
      hostId = Fill.text(hostId);
      annotations = Fill.map(annotations);
      extra = Fill.map(extra);
    }
  }

  /** A component could not be started or scaled. */
  record ComponentScaleFailed(
      String componentId,
      String imageRef,
      long maxInstances,
      String hostId,
      Map<String, String> annotations,
      String error,
      @Nullable String publicKey,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public ComponentScaleFailed {
      componentId = Fill.text(componentId);
      imageRef = Fill.text(imageRef);
      hostId = Fill.text(hostId);
      annotations = Fill.map(annotations);
      error = Fill.text(error);
      extra = Fill.map(extra);
    }
  }

  /** A provider runs. {@code claims} is omitted unless complete. */
  record ProviderStarted(
      String providerId,
      String imageRef,
      String hostId,
      Map<String, String> annotations,
      @Nullable JsonNode claims,
      @Nullable String instanceId,
      @Nullable String publicKey,
      @Nullable String linkName,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public ProviderStarted {
      providerId = Fill.text(providerId);
      imageRef = Fill.text(imageRef);
      hostId = Fill.text(hostId);
      annotations = Fill.map(annotations);
      extra = Fill.map(extra);
    }
  }

  /** A provider could not be started. */
  record ProviderStartFailed(
      String providerRef,
      String providerId,
      String hostId,
      String error,
      @Nullable String linkName,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public ProviderStartFailed {
      providerRef = Fill.text(providerRef);
      providerId = Fill.text(providerId);
      hostId = Fill.text(hostId);
      error = Fill.text(error);
      extra = Fill.map(extra);
    }
  }

  /** A provider was stopped. */
  record ProviderStopped(
      String providerId,
      String hostId,
      Map<String, String> annotations,
      String reason,
      @Nullable String instanceId,
      @Nullable String publicKey,
      @Nullable String linkName,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public ProviderStopped {
      providerId = Fill.text(providerId);
      hostId = Fill.text(hostId);
      annotations = Fill.map(annotations);
      reason = Fill.text(reason);
      extra = Fill.map(extra);
    }
  }

  /** A provider that was not healthy is. */
  record HealthCheckPassed(
      String hostId, String providerId, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public HealthCheckPassed {
      hostId = Fill.text(hostId);
      providerId = Fill.text(providerId);
      extra = Fill.map(extra);
    }
  }

  /** A provider that was healthy is not. */
  record HealthCheckFailed(
      String hostId, String providerId, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public HealthCheckFailed {
      hostId = Fill.text(hostId);
      providerId = Fill.text(providerId);
      extra = Fill.map(extra);
    }
  }

  /** A provider answered a health check as before. */
  record HealthCheckStatus(
      String hostId, String providerId, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public HealthCheckStatus {
      hostId = Fill.text(hostId);
      providerId = Fill.text(providerId);
      extra = Fill.map(extra);
    }
  }

  /** A link was stored. */
  record LinkSet(Link link) implements LatticeEvent {}

  /** A link was refused. */
  record LinkSetFailed(Link link, String error) implements LatticeEvent {
    public LinkSetFailed {
      error = Fill.text(error);
    }
  }

  /** A link was removed; target and interfaces only if it existed. */
  record LinkDeleted(
      String sourceId,
      String name,
      String witNamespace,
      String witPackage,
      @Nullable String target,
      @Nullable List<String> interfaces,
      @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public LinkDeleted {
      sourceId = Fill.text(sourceId);
      name = name == null ? Link.DEFAULT_NAME : name;
      witNamespace = Fill.text(witNamespace);
      witPackage = Fill.text(witPackage);
      extra = Fill.map(extra);
    }
  }

  /** A config was stored. */
  record ConfigSet(String configName, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public ConfigSet {
      configName = Fill.text(configName);
      extra = Fill.map(extra);
    }
  }

  /** A config was removed. */
  record ConfigDeleted(String configName, @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra)
      implements LatticeEvent {
    public ConfigDeleted {
      configName = Fill.text(configName);
      extra = Fill.map(extra);
    }
  }

  /** An event we do not know, or one of ours that is not wasmCloud's. */
  record Other(String name, JsonNode data) implements LatticeEvent {}
}
