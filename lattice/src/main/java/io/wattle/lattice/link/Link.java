package io.wattle.lattice.link;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.LatticeName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A link as it is stored: {@code sourceId} may call the interfaces of the package at {@code target}
 * (section 2.11). Directed; a version is never part of it.
 *
 * @param sourceId who calls
 * @param target who is called
 * @param name link name, {@code default} unless chosen
 * @param witNamespace {@code wasi}
 * @param witPackage {@code keyvalue}
 * @param interfaces {@code [store, atomics]}
 * @param sourceConfig names of configs (and secrets) for the source's end
 * @param targetConfig names of configs (and secrets) for the target's end
 * @param extra fields we do not know, kept when the link is rewritten
 */
public record Link(
    String sourceId,
    String target,
    String name,
    String witNamespace,
    String witPackage,
    List<String> interfaces,
    List<String> sourceConfig,
    List<String> targetConfig,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> extra) {

  /** The name of a link when nobody chose one. */
  public static final String DEFAULT_NAME = "default";

  public Link {
    sourceId = required("source_id", sourceId);
    target = required("target", target);
    name = name == null || name.isEmpty() ? DEFAULT_NAME : name;
    witNamespace = required("wit_namespace", witNamespace);
    witPackage = required("wit_package", witPackage);
    if (interfaces == null) {
      throw new IllegalArgumentException("interfaces: missing (expected: a list of names)");
    }
    interfaces = List.copyOf(interfaces);
    sourceConfig = sourceConfig == null ? List.of() : List.copyOf(sourceConfig);
    targetConfig = targetConfig == null ? List.of() : List.copyOf(targetConfig);
    extra = extra == null ? Map.of() : Map.copyOf(extra);
  }

  /** A link named {@code default} without configs. */
  public static Link of(
      String source, String target, String witNamespace, String witPackage, String... interfaces) {
    return new Link(
        source,
        target,
        DEFAULT_NAME,
        witNamespace,
        witPackage,
        List.of(interfaces),
        List.of(),
        List.of(),
        Map.of());
  }

  /** With another name. */
  public Link withName(String other) {
    return new Link(
        sourceId,
        target,
        other,
        witNamespace,
        witPackage,
        interfaces,
        sourceConfig,
        targetConfig,
        extra);
  }

  /** With other config names. */
  public Link withConfigs(List<String> source, List<String> target) {
    return new Link(
        sourceId, this.target, name, witNamespace, witPackage, interfaces, source, target, extra);
  }

  /** {@code wasi:keyvalue}. */
  public String packageName() {
    return witNamespace + ":" + witPackage;
  }

  /** Whether a call to {@code instance} (version or not) may take this link under this name. */
  public boolean carries(String linkName, String instance) {
    int at = instance.indexOf('@');
    String unversioned = at < 0 ? instance : instance.substring(0, at);
    int slash = unversioned.indexOf('/');
    return slash > 0
        && name.equals(linkName)
        && packageName().equals(unversioned.substring(0, slash))
        && interfaces.contains(unversioned.substring(slash + 1));
  }

  private static String required(String field, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(field + ": missing (expected: text)");
    }
    return value;
  }

  /** Refuses ids that cannot be part of a subject. */
  public Link checked() {
    LatticeName.checkId(sourceId);
    LatticeName.checkId(target);
    return this;
  }
}
