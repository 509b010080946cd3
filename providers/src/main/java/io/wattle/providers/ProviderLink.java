package io.wattle.providers;

import io.wattle.lattice.link.InterfaceLinkDefinition;
import java.util.List;
import java.util.Map;

/**
 * A link as a provider gets it: its configurations are resolved to values (lattice reference,
 * section 5.1).
 *
 * @param sourceId who calls
 * @param target who is called
 * @param name link name, {@code default} unless chosen
 * @param namespace WIT namespace, {@code wasi}
 * @param witPackage WIT package, {@code keyvalue}
 * @param interfaces WIT interfaces, {@code [store, atomics]}
 * @param sourceConfig values for the source
 * @param targetConfig values for the target
 */
public record ProviderLink(
    String sourceId,
    String target,
    String name,
    String namespace,
    String witPackage,
    List<String> interfaces,
    Map<String, String> sourceConfig,
    Map<String, String> targetConfig) {
  public ProviderLink {
    interfaces = List.copyOf(interfaces);
    sourceConfig = Map.copyOf(sourceConfig);
    targetConfig = Map.copyOf(targetConfig);
  }

  /** The link that a definition is of; its secrets are left out. */
  public static ProviderLink of(InterfaceLinkDefinition definition) {
    return new ProviderLink(
        definition.sourceId(),
        definition.target(),
        definition.name(),
        definition.witNamespace(),
        definition.witPackage(),
        definition.interfaces(),
        definition.sourceConfig(),
        definition.targetConfig());
  }

  /** As a provider's process is told it, without secrets. */
  public InterfaceLinkDefinition definition() {
    return new InterfaceLinkDefinition(
        sourceId,
        target,
        name,
        namespace,
        witPackage,
        interfaces,
        sourceConfig,
        targetConfig,
        null,
        null);
  }

  /** What a link is known by. */
  public record Key(
      String sourceId, String target, String name, String namespace, String witPackage) {}

  /** Whether a call to {@code instance}, without version, may take it under this name. */
  public boolean carries(String linkName, String instance) {
    return name.equals(linkName)
        && interfaces.stream()
            .anyMatch(i -> instance.equals(namespace + ":" + witPackage + "/" + i));
  }

  /** Its identity. */
  public Key key() {
    return new Key(sourceId, target, name, namespace, witPackage);
  }
}
