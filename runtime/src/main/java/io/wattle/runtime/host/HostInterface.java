package io.wattle.runtime.host;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An interface that the host implements: functions and resource types by their WIT names ({@code
 * read}, {@code [method]input-stream.read}, {@code [constructor]fields}, {@code [static]...}).
 * Resource drops run the destructor given.
 *
 * @param name {@code wasi:io/streams@0.2.0}: serves imports of that name whose version is
 *     compatible by semver; without version serves imports without
 * @param functions by name
 * @param resources destructor by resource name; it gets the Java object when an owned handle is
 *     dropped
 * @param repeatable functions that may run while a component is initialised and snapshotted,
 *     because they always answer the same for it and have no effect
 */
public record HostInterface(
    String name,
    Map<String, HostFunction> functions,
    Map<String, Consumer<Object>> resources,
    Set<String> repeatable) {
  public HostInterface {
    functions = Map.copyOf(functions);
    resources = Map.copyOf(resources);
    repeatable = Set.copyOf(repeatable);
  }

  /** Starts an interface. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Collects functions and resources. */
  public static final class Builder {
    private final String name;
    private final Map<String, HostFunction> functions = new LinkedHashMap<>();
    private final Map<String, Consumer<Object>> resources = new HashMap<>();
    private final Set<String> repeatable = new java.util.HashSet<>();

    private Builder(String name) {
      this.name = name;
    }

    /** Adds a function. */
    public Builder function(String function, HostFunction code) {
      functions.put(function, code);
      return this;
    }

    /** Adds a function that may run before the snapshot. */
    public Builder repeatable(String function, HostFunction code) {
      repeatable.add(function);
      return function(function, code);
    }

    /** Adds a resource type whose objects need no clean-up. */
    public Builder resource(String resource) {
      return resource(resource, object -> {});
    }

    /** Adds a resource type. */
    public Builder resource(String resource, Consumer<Object> drop) {
      resources.put(resource, drop);
      return this;
    }

    public HostInterface build() {
      return new HostInterface(name, functions, resources, repeatable);
    }
  }
}
