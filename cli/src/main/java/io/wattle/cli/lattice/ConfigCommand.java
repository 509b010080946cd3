package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Group;
import io.wattle.cli.base.KeyValues;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeName;
import io.wattle.lattice.control.ControlClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Named configs, which components, providers and links refer to. */
@Command(
    name = "config",
    description = "Named configs for components, providers and links.",
    subcommands = {ConfigCommand.Put.class, ConfigCommand.Get.class, ConfigCommand.Del.class})
public final class ConfigCommand extends Group {

  /** A config's name. */
  abstract static class Named extends LatticeCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the config.")
    String name = "";

    @Override
    protected void check() throws CommandException {
      if (!LatticeName.isValid(name)) {
        throw CommandException.usage(
            "name: \"" + name + "\" (expected: one or more of A-Z a-z 0-9 _ -)");
      }
    }
  }

  @Command(
      name = "put",
      description = "Store a config; what it held before is replaced.",
      footer = {"", "Example:", "  wattle config put default-http address=127.0.0.1:8080"})
  static final class Put extends Named {
    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE", description = "Values.")
    private List<String> values = new ArrayList<>();

    @Override
    protected void check() throws CommandException {
      super.check();
      KeyValues.parse("value", values);
    }

    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      Map<String, String> config = KeyValues.parse("value", values);
      String said = new ControlClient(lattice).putConfig(name, config);
      return Answer.of("stored config " + name)
          .with("name", name)
          .with("config", config)
          .with("message", said);
    }
  }

  @Command(name = "get", description = "Show a config.")
  static final class Get extends Named {
    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      return GetConfigCommand.answer(new ControlClient(lattice), name);
    }
  }

  @Command(name = "del", aliases = "delete", description = "Remove a config.")
  static final class Del extends Named {
    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      ControlClient control = new ControlClient(lattice);
      if (control.config(name).isEmpty()) {
        throw CommandException.notFound("no config named " + name);
      }
      return Answer.of("removed config " + name)
          .with("name", name)
          .with("message", control.deleteConfig(name));
    }
  }
}
