package io.wattle.host.component;

import io.wattle.runtime.host.HostFunction;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code wasmcloud:bus/lattice}: choosing a link by name (section 5.3). */
final class BusInterfaces {
  private static final String RESOURCE = "call-target-interface";

  private BusInterfaces() {}

  static List<HostInterface> all(ComponentLinks links) {
    return List.of(
        lattice("wasmcloud:bus/lattice@1.0.0", unchecked(links)),
        lattice("wasmcloud:bus/lattice@2.0.0", checked(links)));
  }

  private static HostInterface lattice(String name, HostFunction setLinkName) {
    return HostInterface.named(name)
        .resource(RESOURCE)
        .function(
            "[constructor]" + RESOURCE,
            (call, args) -> new Target(args[0] + ":" + args[1] + "/" + args[2]))
        .function("set-link-name", setLinkName)
        .function(
            "set-target-component",
            (call, args) ->
                Result.err("a target is chosen by its link; use set-link-name and a link to it"))
        .build();
  }

  private static HostFunction unchecked(ComponentLinks links) {
    return (call, args) -> {
      for (Target target : targets(args[1])) {
        links.choose(call.task(), target.instance(), (String) args[0]);
      }
      return null;
    };
  }

  private static HostFunction checked(ComponentLinks links) {
    return (call, args) -> {
      String name = (String) args[0];
      List<Target> targets = targets(args[1]);
      for (Target target : targets) {
        if (!links.has(target.instance(), name)) {
          return Result.err(
              "interface `"
                  + target.instance()
                  + "` does not have an existing link with name `"
                  + name
                  + "`");
        }
      }
      targets.forEach(target -> links.choose(call.task(), target.instance(), name));
      return Result.OK;
    };
  }

  private static List<Target> targets(@Nullable Object list) {
    List<Target> targets = new ArrayList<>();
    for (Object target : (List<?>) java.util.Objects.requireNonNull(list)) {
      targets.add((Target) target);
    }
    return targets;
  }

  /** An interface that a link name is chosen for. */
  private record Target(String instance) {}
}
