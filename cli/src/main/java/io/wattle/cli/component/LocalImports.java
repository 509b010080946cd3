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
    List<String> missing =
        component.imports().stream().filter(name -> WASI.find(name) == null).toList();
    if (missing.isEmpty()) {
      return CommandException.failed(file + ": " + e.getMessage()).because(e);
    }
    StringBuilder hint = new StringBuilder("What each needs:");
    for (String name : missing) {
      hint.append("\n  ").append(name).append(": ").append(ImportNeeds.of(name));
    }
    hint.append("\nLinks there are on a lattice: `wattle up`, and a manifest that names ")
        .append(file);
    return CommandException.failed(file + ": nothing serves its imports " + list(missing) + " here")
        .hint(hint.toString())
        .because(e);
  }

  /** Names, or the word for none. */
  static String list(List<String> names) {
    return names.isEmpty() ? "nothing" : String.join(", ", names);
  }
}
