package io.wattle.cli.provider;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.ExitCode;
import io.wattle.host.FirstPartyProviders;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.provider.HostData;
import io.wattle.providers.LinkException;
import io.wattle.providers.ProviderFactory;
import io.wattle.providers.process.ProviderProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One of our providers as a process, for any host that starts providers. */
@Command(
    name = "provider",
    description = {
      "Run a provider that comes with Wattle as a process of its own.",
      "A host starts it and writes the host data to its standard input: one line of base64."
    },
    footer = {
      "",
      "Example: an executable that a manifest names as image file:///opt/kv-redis",
      "  #!/bin/sh",
      "  exec /opt/wattle/wattle provider keyvalue-redis"
    })
public final class ProviderCommand extends BaseCommand {
  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = {
        "http-server, http-client, keyvalue-nats, keyvalue-redis, messaging-nats or blobstore-fs."
      })
  private String name = "";

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    List<ProviderFactory> all = FirstPartyProviders.all();
    ProviderFactory factory =
        all.stream()
            .filter(candidate -> candidate.kind().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    CommandException.usage(
                        "NAME: "
                            + name
                            + " (expected: "
                            + all.stream()
                                .map(ProviderFactory::kind)
                                .collect(Collectors.joining(", "))
                            + ")"));
    try {
      ProviderProcess.run(hostData(), factory);
      return Answer.NONE;
    } catch (LinkException e) {
      throw CommandException.failed(name + ": " + e.getMessage()).because(e);
    } catch (LatticeException e) {
      ExitCode code =
          e.kind() == LatticeException.Kind.MALFORMED ? ExitCode.USAGE : ExitCode.UNREACHABLE;
      throw CommandException.of(code, String.valueOf(e.getMessage())).because(e);
    }
  }

  private static HostData hostData() throws CommandException {
    @Nullable String line;
    try {
      line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    } catch (IOException e) {
      throw CommandException.failed("standard input: " + e.getMessage()).because(e);
    }
    if (line == null || line.isBlank()) {
      throw CommandException.usage(
              "standard input: empty (expected: the host data that a host writes to a provider)")
          .hint("A host runs it: `wattle start provider file:///PATH/OF/AN/EXECUTABLE ID`.");
    }
    return HostData.ofLine(line);
  }
}
