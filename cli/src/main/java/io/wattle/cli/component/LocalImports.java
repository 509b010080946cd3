package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.host.Imports;
import io.wattle.runtime.host.LinkedFunction;
import io.wattle.wit.type.FunctionType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What serves the imports of a component that runs here: WASI, and no links. */
record LocalImports(HostInterfaces interfaces) implements Imports {
  static Imports of(HostInterfaces interfaces) {
    return new LocalImports(interfaces);
  }

  @Override
  public @Nullable HostInterface hostInterface(String name) {
    return interfaces.find(name);
  }

  @Override
  public @Nullable LinkedFunction linked(String instance, String function, FunctionType type) {
    return null;
  }

  /** Why a component cannot run here. */
  static CommandException failure(String file, LinkException e) {
    return CommandException.failed(file + ": " + e.getMessage())
        .hint(
            "`wattle inspect "
                + file
                + "` shows what it needs. What needs a link runs on a lattice: `wattle up`.")
        .because(e);
  }

  /** Names, or the word for none. */
  static String list(List<String> names) {
    return names.isEmpty() ? "nothing" : String.join(", ", names);
  }
}
