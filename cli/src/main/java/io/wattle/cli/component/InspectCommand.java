package io.wattle.cli.component;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.BaseCommand;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Table;
import io.wattle.runtime.Component;
import io.wattle.runtime.engine.CoreModule;
import io.wattle.runtime.engine.InvalidModuleException;
import io.wattle.runtime.wasi.preview1.CoreProgram;
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
  @Parameters(paramLabel = "FILE", description = "A component or core module: .wasm, .wat.")
  private String file = "";

  @Option(names = "--wit", description = "Show its world as WIT, and nothing else.")
  private boolean witOnly;

  @Override
  protected Answer execute(Console console) throws CommandException, InterruptedException {
    try (LocalRuntime runtime = LocalRuntime.looking()) {
      byte[] wasm = LocalRuntime.read(file);
      if (CoreProgram.isCoreModule(wasm)) {
        return core(CoreProgram.look(runtime.engine(), wasm), BinaryOutline.of(wasm), wasm.length);
      }
      Component component = runtime.look(file, wasm);
      if (witOnly) {
        return Answer.of(component.wit().stripTrailing()).with("wit", component.wit());
      }
      return answer(component, BinaryOutline.of(wasm), wasm.length);
    } catch (InvalidModuleException e) {
      throw CommandException.failed(file + ": " + e.getMessage()).because(e);
    }
  }

  private Answer core(CoreModule module, BinaryOutline outline, int bytes) throws CommandException {
    if (witOnly) {
      throw CommandException.usage(file + " is a core module, which has no WIT");
    }
    List<Object> imports = new ArrayList<>();
    Table needs = Table.plain();
    for (CoreModule.CoreImport each : module.imports()) {
      String name = each.module() + "::" + each.name();
      String need = CoreProgram.servedBy(each);
      imports.add(json("name", name, "served_by", need));
      needs.row("  " + name, need);
    }
    List<Object> exports = new ArrayList<>();
    Table offers = Table.plain();
    for (CoreModule.CoreExport each : module.exports()) {
      exports.add(json("name", each.name(), "type", CoreTypeText.of(each.type())));
      offers.row("  " + each.name(), CoreTypeText.of(each.type()));
    }
    return shown(outline, bytes, module.digest(), imports, needs, exports, offers, "")
        .with("kind", "core module");
  }

  private Answer answer(Component component, BinaryOutline outline, int bytes) {
    List<Object> imports = new ArrayList<>();
    Table needs = Table.plain();
    for (String name : component.imports()) {
      String need =
          component.unserved().contains(name) ? ImportNeeds.NOTHING_YET : ImportNeeds.of(name);
      imports.add(json("name", name, "served_by", need));
      needs.row("  " + name, need);
    }
    List<Object> exports = new ArrayList<>();
    Table offers = Table.plain();
    for (String name : component.exports()) {
      List<String> functions = List.copyOf(component.exportedFunctions(name).keySet());
      exports.add(json("name", name, "functions", functions));
      offers.row("  " + name, String.join(", ", functions));
    }
    return shown(
            outline,
            bytes,
            component.digest(),
            imports,
            needs,
            exports,
            offers,
            "\n\n" + component.wit().stripTrailing())
        .with("wit", component.wit());
  }

  private static Map<String, Object> json(String key, Object value, String other, Object more) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(key, value);
    json.put(other, more);
    return json;
  }

  private Answer shown(
      BinaryOutline outline,
      int bytes,
      String digest,
      List<Object> imports,
      Table needs,
      List<Object> exports,
      Table offers,
      String wit) {
    Table parts = Table.plain();
    outline.sizes().forEach((part, size) -> parts.row("  " + part, size(size)));
    Table tools = Table.plain();
    outline.producers().forEach((field, list) -> tools.row("  " + field, String.join(", ", list)));
    String text =
        String.join(
            "\n",
            file,
            "  size    " + size(bytes),
            "  digest  sha256:" + digest,
            "  parts   "
                + outline.modules()
                + " core modules, "
                + outline.components()
                + " components",
            outline.sizes().isEmpty() ? "  none" : parts.toString(),
            "",
            "producers",
            outline.producers().isEmpty() ? "  not told" : tools.toString(),
            "",
            "imports, and what serves them",
            imports.isEmpty() ? "  none" : needs.toString(),
            "",
            "exports",
            exports.isEmpty() ? "  none" : offers.toString());
    return Answer.of(text + wit)
        .with("file", file)
        .with("bytes", bytes)
        .with("digest", "sha256:" + digest)
        .with("parts", outline.sizes())
        .with("core_modules", outline.modules())
        .with("components", outline.components())
        .with("producers", outline.producers())
        .with("imports", imports)
        .with("exports", exports);
  }

  private static String size(long bytes) {
    return bytes < 10_000
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%,d bytes (%d KB)", bytes, bytes / 1024);
  }
}
