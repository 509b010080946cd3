package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Group;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Links by hand; those of applications belong to their manifests. */
@Command(
    name = "link",
    description = "Wire components and providers by WIT interface.",
    subcommands = {
      LinkCommand.Put.class,
      LinkCommand.Del.class,
      LinkCommand.Query.class,
    })
public final class LinkCommand extends Group {

  /** What names a link. */
  abstract static class Named extends LatticeCommand {
    @Option(
        names = {"-l", "--link-name"},
        paramLabel = "NAME",
        defaultValue = Link.DEFAULT_NAME,
        description = "Link name (default: ${DEFAULT-VALUE}).")
    String linkName = Link.DEFAULT_NAME;
  }

  @Command(
      name = "put",
      description = "Let SOURCE call the interfaces of a package at TARGET.",
      footer = {
        "",
        "Example:",
        "  wattle link put counter kv wasi keyvalue --interface store --interface atomics"
      })
  static final class Put extends Named {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "Id of the caller.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "Id of the callee.")
    private String target = "";

    @Parameters(index = "2", paramLabel = "NAMESPACE", description = "WIT namespace: wasi.")
    private String namespace = "";

    @Parameters(index = "3", paramLabel = "PACKAGE", description = "WIT package: keyvalue.")
    private String witPackage = "";

    @Option(
        names = {"--interface", "--interfaces"},
        required = true,
        split = ",",
        paramLabel = "NAME",
        description = "WIT interface: store. May be repeated.")
    private List<String> interfaces = new ArrayList<>();

    @Option(
        names = "--source-config",
        split = ",",
        paramLabel = "NAME",
        description = "Named config for the source's end. May be repeated.")
    private List<String> sourceConfig = new ArrayList<>();

    @Option(
        names = "--target-config",
        split = ",",
        paramLabel = "NAME",
        description = "Named config for the target's end. May be repeated.")
    private List<String> targetConfig = new ArrayList<>();

    @Option(
        names = "--replace",
        description = "Take the place of a link to another target (Wattle hosts only).")
    private boolean replace;

    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      Link link;
      try {
        link =
            new Link(
                    source,
                    target,
                    linkName,
                    namespace,
                    witPackage,
                    interfaces,
                    sourceConfig,
                    targetConfig,
                    Map.of())
                .checked();
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(String.valueOf(e.getMessage())).because(e);
      }
      ControlClient control = new ControlClient(lattice);
      String said = replace ? control.replaceLink(link) : control.putLink(link);
      return Answer.of(
              "linked " + source + " to " + target + " by " + link.packageName() + note(said))
          .with("link", Json.mapper().valueToTree(link))
          .with("message", said);
    }

    /** What the host said beyond that it went well. */
    private static String note(String said) {
      return said.isEmpty() || said.startsWith("successfully") ? "" : " (" + said + ")";
    }
  }

  @Command(
      name = "del",
      aliases = "delete",
      description = "Remove a link.",
      footer = {"", "Example:", "  wattle link del counter wasi keyvalue"})
  static final class Del extends Named {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "Id of the caller.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "NAMESPACE", description = "WIT namespace: wasi.")
    private String namespace = "";

    @Parameters(index = "2", paramLabel = "PACKAGE", description = "WIT package: keyvalue.")
    private String witPackage = "";

    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws CommandException, InterruptedException {
      ControlClient control = new ControlClient(lattice);
      LinkKey key = new LinkKey(source, linkName, namespace, witPackage);
      if (control.links().stream().noneMatch(key::matches)) {
        throw CommandException.notFound(
                "no link " + linkName + " from " + source + " by " + namespace + ":" + witPackage)
            .hint("`wattle get links` shows the links there are.");
      }
      String said = control.deleteLink(key);
      return Answer.of("removed the link from " + source + " by " + namespace + ":" + witPackage)
          .with("source_id", source)
          .with("link_name", linkName)
          .with("wit_namespace", namespace)
          .with("wit_package", witPackage)
          .with("message", said);
    }
  }

  @Command(name = "query", aliases = "get", description = "Show all links, as `get links` does.")
  static final class Query extends LatticeCommand {
    @Override
    protected Answer execute(LatticeConnection lattice, Console console)
        throws InterruptedException {
      return LinkTable.answer(new ControlClient(lattice).links());
    }
  }
}
