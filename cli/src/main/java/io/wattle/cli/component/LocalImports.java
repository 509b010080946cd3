package io.wattle.cli.component;

import io.wattle.cli.base.CommandException;
import io.wattle.runtime.Component;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;
import java.util.List;

/** What a component that runs here imports: WASI serves it, or nobody. */
final class LocalImports {
  private static final HostInterfaces WASI = Wasi.interfaces(WasiOptions.builder().build());

  private LocalImports() {}

  /** Why a component cannot run here, and who could serve what it lacks. */
  static CommandException failure(String file, Component component, LinkException e) {
    StringBuilder hint = new StringBuilder("What nothing serves here:");
    for (String name : component.imports()) {
      if (WASI.find(name) == null) {
        hint.append("\n  ").append(name).append(": ").append(ImportNeeds.of(name));
      }
    }
    hint.append("\nLinks there are on a lattice: `wattle up`, and a manifest that names ")
        .append(file);
    return CommandException.failed(file + ": " + e.getMessage()).hint(hint.toString()).because(e);
  }

  /** Names, or the word for none. */
  static String list(List<String> names) {
    return names.isEmpty() ? "nothing" : String.join(", ", names);
  }
}
