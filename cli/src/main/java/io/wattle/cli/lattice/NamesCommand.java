package io.wattle.cli.lattice;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.app.AppClient;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Names for the shell's completion, one a line. */
@Command(name = "names", hidden = true, description = "List names for the shell's completion.")
public final class NamesCommand extends LatticeCommand {
  /** What has names. */
  enum Kind {
    hosts,
    components,
    providers,
    ids,
    apps
  }

  @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}.")
  private @Nullable Kind kind;

  @Override
  protected Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    Set<String> names = new TreeSet<>();
    switch (kind) {
      case null -> {}
      case apps -> {
        for (JsonNode app : new AppClient(lattice).list()) {
          names.add(app.path("name").asText());
        }
      }
      case hosts -> hosts(lattice).all().stream().map(HostInfo::friendlyName).forEach(names::add);
      case components -> names.addAll(running(lattice, true, false));
      case providers -> names.addAll(running(lattice, false, true));
      case ids -> names.addAll(running(lattice, true, true));
    }
    return Answer.of(String.join("\n", names)).with("names", names);
  }

  private List<String> running(LatticeConnection lattice, boolean components, boolean providers)
      throws CommandException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (HostInventory host : hosts(lattice).inventories()) {
      if (components) {
        host.components().stream().map(ComponentDescription::id).forEach(ids::add);
      }
      if (providers) {
        host.providers().stream().map(ProviderDescription::id).forEach(ids::add);
      }
    }
    return ids;
  }

  private Hosts hosts(LatticeConnection lattice) throws CommandException {
    return new Hosts(new ControlClient(lattice), timeout(), knownHosts());
  }
}
