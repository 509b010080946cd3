package io.wattle.runtime.instance;

import io.wattle.runtime.LinkException;
import io.wattle.runtime.host.HostFunction;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.host.LinkedFunction;
import io.wattle.runtime.plan.Plan;
import io.wattle.wit.type.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A component's imports, each with who serves it.
 *
 * @param functions in the order of {@link Plan#imports}
 * @param destructors of host resources
 */
record Binding(List<ImportTarget> functions, Map<ResourceType, Consumer<Object>> destructors) {

  /** Asks for every import of a plan. */
  static Binding of(Plan plan, Imports imports) throws LinkException {
    Map<String, Optional<HostInterface>> hosts = new HashMap<>();
    Map<ResourceType, Consumer<Object>> destructors = new HashMap<>();
    for (Map.Entry<ResourceType, Plan.Resource> entry : plan.resources().entrySet()) {
      Plan.Resource resource = entry.getValue();
      String instance = resource.imported();
      if (instance != null) {
        HostInterface host = host(instance, imports, hosts);
        if (host == null) {
          throw new LinkException(
              "import "
                  + show(instance)
                  + ": its type has the resource "
                  + resource.name()
                  + ", and interfaces with resources cannot be linked; this host does not implement"
                  + " it");
        }
        Consumer<Object> destructor = host.resources().get(resource.name());
        if (destructor == null) {
          throw new LinkException(
              "import "
                  + show(instance)
                  + ": the host's implementation has no resource "
                  + resource.name());
        }
        destructors.put(entry.getKey(), destructor);
      }
    }
    List<ImportTarget> functions = new ArrayList<>();
    for (Plan.Imported need : plan.imports()) {
      functions.add(target(need, imports, host(need.instance(), imports, hosts)));
    }
    return new Binding(List.copyOf(functions), Map.copyOf(destructors));
  }

  private static @Nullable HostInterface host(
      String instance, Imports imports, Map<String, Optional<HostInterface>> known) {
    return known
        .computeIfAbsent(instance, i -> Optional.ofNullable(imports.hostInterface(i)))
        .orElse(null);
  }

  private static ImportTarget target(
      Plan.Imported need, Imports imports, @Nullable HostInterface host) throws LinkException {
    String name = need.instance() + "#" + need.function();
    if (host != null) {
      HostFunction code = host.functions().get(need.function());
      if (code == null) {
        throw new LinkException(
            "import "
                + show(need.instance())
                + ": the host's implementation has no function "
                + need.function());
      }
      return new ImportTarget.Host(
          name, need.type(), code, host.repeatable().contains(need.function()));
    }
    LinkedFunction linked = imports.linked(need.instance(), need.function(), need.type());
    if (linked == null) {
      throw new LinkException(
          "import "
              + show(need.instance())
              + ": nothing serves its function "
              + need.function()
              + ": this host does not implement the interface, and it cannot be linked");
    }
    return new ImportTarget.Linked(name, linked);
  }

  private static String show(String instance) {
    return instance.isEmpty() ? "of the world" : instance;
  }
}
