package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Table;
import io.wattle.cli.connect.WatchableCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInfo;
import io.wattle.lattice.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** The hosts that answer. */
@Command(name = "hosts", description = "Show the hosts that answer.")
final class GetHostsCommand extends WatchableCommand {
  @Override
  protected Answer look(LatticeConnection lattice) throws CommandException, InterruptedException {
    List<HostInfo> hosts = new Hosts(new ControlClient(lattice), timeout(), knownHosts()).all();
    Table table = Table.of("HOST", "ID", "UPTIME", "VERSION", "LABELS");
    for (HostInfo host : hosts) {
      table.row(
          host.friendlyName(),
          host.id(),
          host.uptimeHuman() == null ? host.uptimeSeconds() + "s" : host.uptimeHuman(),
          host.version() == null ? "" : host.version(),
          labels(host.labels()));
    }
    String text =
        hosts.isEmpty() ? "no host answered in lattice " + lattice.lattice() : table.toString();
    return Answer.of(text).with("hosts", Json.mapper().valueToTree(hosts));
  }

  static String labels(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .filter(label -> !label.getKey().startsWith("hostcore."))
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
  }
}
