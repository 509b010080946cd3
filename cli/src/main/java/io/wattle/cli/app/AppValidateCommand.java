package io.wattle.cli.app;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.controlplane.manifest.ManifestParser;
import io.wattle.controlplane.manifest.ParsedManifest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks without a lattice. */
@Command(
    name = "validate",
    description = "Check manifests; shows every problem, and exits with 1 if there is an error.")
final class AppValidateCommand extends BaseCommand {
  @Parameters(arity = "1..*", paramLabel = "FILE|-", description = "Manifests.")
  private List<String> files = new ArrayList<>();

  @Option(names = "--strict", description = "Take warnings for errors.")
  private boolean strict;

  @Override
  protected Answer execute(Console console) throws CommandException {
    List<Object> problems = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    int invalid = 0;
    for (String file : files) {
      ManifestSource source = ManifestSource.read(file);
      ParsedManifest parsed = ManifestParser.parse(source.text(), source.format());
      parsed.problems().forEach(problem -> problems.add(PreparedManifest.json(problem)));
      lines.addAll(PreparedManifest.lines(source, parsed.problems()));
      boolean rejected = parsed instanceof ParsedManifest.Rejected;
      if (rejected || (strict && !parsed.problems().isEmpty())) {
        invalid++;
      } else {
        lines.add(file + ": valid");
      }
    }
    String text = String.join("\n", lines);
    if (invalid > 0) {
      throw CommandException.failed(
              invalid + (invalid == 1 ? " manifest is" : " manifests are") + " not valid\n" + text)
          .with("valid", false)
          .with("problems", problems);
    }
    return Answer.of(text).with("valid", true).with("problems", problems);
  }
}
