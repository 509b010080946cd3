package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.KeyValues;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A host's labels, while it runs. */
@Command(
    name = "label",
    description = "Set or remove labels of a host.",
    footer = {
      "",
      "Spreads and auctions choose hosts by their labels; what an application needs is placed",
      "anew at once. A host forgets them when its process ends, as wasmCloud's do: labels that are",
      "to stay belong to its start (--label).",
      "",
      "Examples:",
      "  wattle label quiet-reed zone=north rack=7",
      "  wattle label quiet-reed rack --delete"
    })
public final class LabelCommand extends LatticeCommand {
  private static final String BUILT_IN = "hostcore.";

  @Parameters(index = "0", paramLabel = "HOST", description = "Id or friendly name.")
  private String host = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Labels; with --delete their keys suffice.")
  private List<String> labels = new ArrayList<>();

  @Option(
      names = {"-d", "--delete"},
      description = "Remove them.")
  private boolean delete;

  @Override
  protected void check() throws CommandException {
    for (String key : delete ? keys() : List.copyOf(pairs().keySet())) {
      if (key.isEmpty()) {
        throw CommandException.usage("label: \"\" (expected: a key)");
      }
      if (!delete && key.toLowerCase(Locale.ROOT).startsWith(BUILT_IN)) {
        throw CommandException.usage(
            "label: " + key + " (expected: none that begins with hostcore., which hosts set)");
      }
    }
  }

  @Override
  protected Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    ControlClient control = new ControlClient(lattice);
    HostInfo found = new Hosts(control, timeout(), knownHosts()).one(host);
    if (delete) {
      remove(control, found);
    } else {
      for (Map.Entry<String, String> label : pairs().entrySet()) {
        control.putLabel(found.id(), label.getKey(), label.getValue());
      }
    }
    Map<String, String> now = new TreeMap<>(control.inventory(found.id()).labels());
    String shown = GetHostsCommand.labels(now);
    return Answer.of(
            "host "
                + found.friendlyName()
                + (shown.isEmpty() ? " has no labels of its own" : "  " + shown))
        .with("host_id", found.id())
        .with("labels", now);
  }

  private void remove(ControlClient control, HostInfo found)
      throws CommandException, InterruptedException {
    List<String> missing = keys().stream().filter(key -> !found.labels().containsKey(key)).toList();
    if (!missing.isEmpty()) {
      throw CommandException.notFound(
              "host " + found.friendlyName() + " has no label " + String.join(", ", missing))
          .hint("`wattle get hosts` shows the labels there are.");
    }
    for (String key : keys()) {
      control.deleteLabel(found.id(), key);
    }
  }

  private Map<String, String> pairs() throws CommandException {
    return KeyValues.parse("label", labels);
  }

  private List<String> keys() {
    return labels.stream().map(label -> label.replaceFirst("=.*", "")).toList();
  }
}
