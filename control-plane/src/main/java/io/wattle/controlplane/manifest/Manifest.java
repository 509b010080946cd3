package io.wattle.controlplane.manifest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An application as its author describes it: the Open Application Model form that wadm 0.21 reads,
 * with every spelling it accepts already turned into one.
 */
public record Manifest(
    String apiVersion,
    String kind,
    Metadata metadata,
    List<Component> components,
    List<Policy> policies) {
  public Manifest {
    components = List.copyOf(components);
    policies = List.copyOf(policies);
  }

  /** The application's name. */
  public String name() {
    return metadata.name();
  }

  /** The annotation {@code version}, if the author gave one. */
  public @Nullable String version() {
    return metadata.annotations().get("version");
  }

  /** The annotation {@code description}. */
  public @Nullable String description() {
    return metadata.annotations().get("description");
  }

  /** Whether components of other applications may refer to the components of this one. */
  public boolean shared() {
    return "true".equals(metadata.annotations().get("experimental.wasmcloud.dev/shared"));
  }

  /** The component of that name. */
  public @Nullable Component component(String name) {
    return components.stream().filter(c -> c.name().equals(name)).findFirst().orElse(null);
  }

  /** Who the application is. */
  public record Metadata(
      Place place, String name, Map<String, String> annotations, Map<String, String> labels) {
    public Metadata {
      annotations = Map.copyOf(annotations);
      labels = Map.copyOf(labels);
    }
  }

  /** What runs: Wasm or a provider. */
  public enum ComponentType {
    /** A WebAssembly component ({@code component}, formerly {@code actor}). */
    COMPONENT,
    /** A capability provider ({@code capability}). */
    CAPABILITY
  }

  /** One part of the application, a WebAssembly component or a provider. */
  public record Component(
      Place place, String name, ComponentType type, Properties properties, List<Trait> traits) {
    public Component {
      traits = List.copyOf(traits);
    }
  }

  /**
   * Where a component comes from and what it is given; exactly one of image and application is
   * there.
   */
  public record Properties(
      Place place,
      @Nullable String image,
      @Nullable SharedApplication application,
      @Nullable String id,
      List<Config> config,
      List<Secret> secrets) {
    public Properties {
      config = List.copyOf(config);
      secrets = List.copyOf(secrets);
    }
  }

  /** A reference to a component that another, shared application runs. */
  public record SharedApplication(String name, String component) {}

  /**
   * A named configuration.
   *
   * @param properties null when somebody else puts the configuration, which then has exactly this
   *     name
   */
  public record Config(Place place, String name, @Nullable Map<String, String> properties) {
    public Config {
      properties = properties == null ? null : Map.copyOf(properties);
    }
  }

  /** A reference to a secret; the policy says which backend has it. */
  public record Secret(
      Place place,
      String name,
      String policy,
      String key,
      @Nullable String field,
      @Nullable String version) {}

  /** Where secrets, or other rules, come from. */
  public record Policy(Place place, String name, String type, Map<String, String> properties) {
    public Policy {
      properties = Map.copyOf(properties);
    }
  }

  /** What is done with a component; told apart by the shape of the properties, as wadm does. */
  public sealed interface Trait {
    /** Where it stands. */
    Place place();

    /** The type as it was written. */
    String type();
  }

  /** A trait with the properties of a link. */
  public record LinkTrait(Place place, String type, Link link) implements Trait {}

  /** A trait with the properties of a scaler. */
  public record ScalerTrait(Place place, String type, long instances, List<Spread> spread)
      implements Trait {
    public ScalerTrait {
      spread = List.copyOf(spread);
    }
  }

  /** A trait of a type nobody here knows; kept in the document, without effect. */
  public record OtherTrait(Place place, String type) implements Trait {}

  /** Which of the two ends a configuration or secret of a link is for. */
  public record Endpoint(List<Config> config, List<Secret> secrets) {
    static final Endpoint NOTHING = new Endpoint(List.of(), List.of());

    public Endpoint {
      config = List.copyOf(config);
      secrets = List.copyOf(secrets);
    }
  }

  /**
   * A link from the component that has the trait to another one.
   *
   * @param givenName the link's name as given
   * @param target the target's name in this manifest
   */
  public record Link(
      Place place,
      @Nullable String givenName,
      String target,
      String namespace,
      String witPackage,
      List<String> interfaces,
      Endpoint source,
      Endpoint targetSide) {
    public Link {
      interfaces = List.copyOf(interfaces);
    }

    /** The link's name, {@code default} unless given. */
    public String name() {
      return givenName == null ? "default" : givenName;
    }
  }

  /** A share of the instances for hosts with these labels. */
  public record Spread(Place place, String name, Map<String, String> requirements, long weight) {
    /** The weight of an entry that names none. */
    public static final long DEFAULT_WEIGHT = 100;

    public Spread {
      requirements = Map.copyOf(requirements);
    }
  }
}
