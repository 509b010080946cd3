package io.wattle.cli.lattice;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Table;
import io.wattle.cli.connect.WatchableCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderDescription;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What runs where. */
@Command(
    name = "inventory",
    aliases = "inventories",
    description = "Show what runs on each host, or on one.")
final class GetInventoryCommand extends WatchableCommand {
  @Parameters(
      paramLabel = "HOST",
      arity = "0..1",
      description = "Id or friendly name; all hosts when left out.")
  private @Nullable String host;

  @Override
  protected Answer look(LatticeConnection lattice) throws CommandException, InterruptedException {
    ControlClient control = new ControlClient(lattice);
    Hosts hosts = new Hosts(control, timeout(), knownHosts());
    List<HostInventory> inventories =
        host == null ? hosts.inventories() : List.of(control.inventory(hosts.one(host).id()));
    List<String> blocks = new ArrayList<>();
    inventories.forEach(inventory -> blocks.add(text(inventory)));
    String text =
        blocks.isEmpty()
            ? "no host answered in lattice " + lattice.lattice()
            : String.join("\n\n", blocks);
    return Answer.of(text).with("inventories", Json.mapper().valueToTree(inventories));
  }

  private static String text(HostInventory inventory) {
    Table table = Table.of("  KIND", "ID", "IMAGE", "INSTANCES");
    for (ComponentDescription component : inventory.components()) {
      table.row(
          "  component",
          component.id(),
          component.imageRef(),
          component.maxInstances() == ScaleComponent.UNBOUNDED
              ? "unbounded"
              : component.maxInstances());
    }
    for (ProviderDescription provider : inventory.providers()) {
      table.row(
          "  provider", provider.id(), provider.imageRef() == null ? "" : provider.imageRef(), "");
    }
    String labels = GetHostsCommand.labels(inventory.labels());
    String head =
        "host "
            + inventory.friendlyName()
            + "  "
            + inventory.hostId()
            + (labels.isEmpty() ? "" : "  " + labels);
    boolean empty = inventory.components().isEmpty() && inventory.providers().isEmpty();
    return head + "\n" + (empty ? "  nothing runs here" : table.toString() + problems(inventory));
  }

  /** What is wrong with providers, and which components are slow still, a line each. */
  private static String problems(HostInventory inventory) {
    StringBuilder lines = new StringBuilder();
    for (ComponentDescription component : inventory.components()) {
      JsonNode code = component.extra().get(ComponentDescription.CODE);
      String slow =
          switch (code == null ? "" : code.asText()) {
            case "compiling" -> "interpreted until it is compiled";
            case "interpreted" -> "interpreted, not compiled";
            case "failed" ->
                "interpreted, since it could not be compiled (the host's log says why)";
            default -> "";
          };
      if (!slow.isEmpty()) {
        lines.append("\n  component ").append(component.id()).append(": ").append(slow);
      }
    }
    for (ProviderDescription provider : inventory.providers()) {
      JsonNode problem = provider.extra().get("wattle_problem");
      if (problem != null) {
        lines.append("\n  provider ").append(provider.id()).append(": ").append(problem.asText());
      }
    }
    return lines.toString();
  }
}
