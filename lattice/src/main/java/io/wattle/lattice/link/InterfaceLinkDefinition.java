package io.wattle.lattice.link;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A link whose configs are resolved to values, as a host tells it to a provider (section 5.1).
 *
 * @param sourceConfig values for the source's end
 * @param targetConfig values for the target's end
 * @param sourceSecrets sealed to the provider's xkey, numbers 0 to 255; null when there are none
 * @param targetSecrets sealed to the provider's xkey, numbers 0 to 255; null when there are none
 */
public record InterfaceLinkDefinition(
    String sourceId,
    String target,
    String name,
    String witNamespace,
    String witPackage,
    List<String> interfaces,
    Map<String, String> sourceConfig,
    Map<String, String> targetConfig,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable List<Integer> sourceSecrets,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable List<Integer> targetSecrets) {
  public InterfaceLinkDefinition {
    if (sourceId == null || target == null || witNamespace == null || witPackage == null) {
      throw new IllegalArgumentException(
          "source_id, target, wit_namespace, wit_package: missing (expected: text)");
    }
    name = name == null || name.isEmpty() ? Link.DEFAULT_NAME : name;
    interfaces = interfaces == null ? List.of() : List.copyOf(interfaces);
    sourceConfig = sourceConfig == null ? Map.of() : Map.copyOf(sourceConfig);
    targetConfig = targetConfig == null ? Map.of() : Map.copyOf(targetConfig);
  }

  /** The link with these values and without secrets. */
  public static InterfaceLinkDefinition of(
      Link link, Map<String, String> sourceConfig, Map<String, String> targetConfig) {
    return new InterfaceLinkDefinition(
        link.sourceId(),
        link.target(),
        link.name(),
        link.witNamespace(),
        link.witPackage(),
        link.interfaces(),
        sourceConfig,
        targetConfig,
        null,
        null);
  }

  /** {@code wasi:keyvalue}. */
  public String packageName() {
    return witNamespace + ":" + witPackage;
  }
}
