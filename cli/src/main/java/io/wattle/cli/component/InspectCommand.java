package io.wattle.cli.component;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Table;
import io.wattle.runtime.Component;
import io.wattle.runtime.engine.EngineOptions;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a component imports and exports. */
@Command(
    name = "inspect",
    description = "Show what a component imports and exports, and what its imports need.",
    footer = {"", "Examples:", "  wattle inspect hello.wasm", "  wattle inspect hello.wasm --wit"})
public final class InspectCommand extends BaseCommand {
  @Parameters(paramLabel = "FILE", description = "A component, .wasm.")
  private String file = "";

  @Option(names = "--wit", description = "Show its world as WIT, and nothing else.")
  private boolean witOnly;

  @Override
  protected Answer execute(Console console) throws CommandException {
    try (LocalRuntime runtime = new LocalRuntime(EngineOptions.Execution.INTERPRETED)) {
      Component component = runtime.load(file);
      if (witOnly) {
        return Answer.of(component.wit().stripTrailing()).with("wit", component.wit());
      }
      return answer(component);
    }
  }

  private Answer answer(Component component) {
    long bytes = new File(file).length();
    List<Object> imports = new ArrayList<>();
    Table needs = Table.plain();
    for (String name : component.imports()) {
      String need = ImportNeeds.of(name);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", name);
      json.put("served_by", need);
      imports.add(json);
      needs.row("  " + name, need);
    }
    List<Object> exports = new ArrayList<>();
    Table offers = Table.plain();
    for (String name : component.exports()) {
      List<String> functions = List.copyOf(component.exportedFunctions(name).keySet());
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", name);
      json.put("functions", functions);
      exports.add(json);
      offers.row("  " + name, String.join(", ", functions));
    }
    String text =
        String.join(
            "\n",
            file,
            "  size    " + size(bytes),
            "  digest  sha256:" + component.digest(),
            "",
            "imports, and what serves them",
            imports.isEmpty() ? "  none" : needs.toString(),
            "",
            "exports",
            exports.isEmpty() ? "  none" : offers.toString(),
            "",
            component.wit().stripTrailing());
    return Answer.of(text)
        .with("file", file)
        .with("bytes", bytes)
        .with("digest", "sha256:" + component.digest())
        .with("imports", imports)
        .with("exports", exports)
        .with("wit", component.wit());
  }

  private static String size(long bytes) {
    return bytes < 10_000
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%,d bytes (%d KB)", bytes, bytes / 1024);
  }
}
