package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.KeyValues;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deploys, and waits until it is there. */
@Command(
    name = "deploy",
    description = "Deploy a manifest, or a stored application by name, and wait until it is there.",
    footer = {
      "",
      "Examples:",
      "  wattle app deploy my-app.yaml",
      "  wattle app deploy my-app.yaml --image api=file://target/api.wasm",
      "  cat my-app.yaml | wattle app deploy -",
      "  wattle app deploy my-app v2      a stored version"
    })
final class AppDeployCommand extends LatticeCommand {
  @Parameters(index = "0", paramLabel = "FILE|-|NAME", description = "Manifest, or stored name.")
  private String what = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "Stored version; the newest when left out.")
  private @Nullable String version;

  @Option(
      names = "--image",
      paramLabel = "NAME=REF",
      description = "Image of a component in the place of the manifest's. May be repeated.")
  private List<String> images = new ArrayList<>();

  @Option(names = "--replace", description = "Take the place of a stored version of the same name.")
  private boolean replace;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait until it is there (default: ${DEFAULT-VALUE}).")
  private long timeoutSeconds;

  @Option(names = "--no-wait", description = "Do not wait until it is there.")
  private boolean noWait;

  private @Nullable PreparedManifest manifest;

  @Override
  protected void check() throws CommandException {
    if (ManifestSource.isFile(what)) {
      if (version != null) {
        throw CommandException.usage(
            "VERSION: " + version + " (expected: none, for " + what + " is a file)");
      }
      manifest = PreparedManifest.of(ManifestSource.read(what), KeyValues.parse("--image", images));
    } else if (!images.isEmpty()) {
      throw CommandException.usage("--image needs a manifest file; " + what + " is a name");
    }
  }

  @Override
  protected Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    AppClient apps = new AppClient(lattice);
    String app = what;
    if (manifest != null) {
      manifest.warnings().forEach(console::progress);
      app = apps.put(manifest, replace).path("name").asText(manifest.manifest().name());
      version = manifest.manifest().version();
    }
    JsonNode reply = apps.deploy(app, version);
    String deployed = reply.path("version").asText("");
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("app", app);
    data.put("version", deployed);
    if (noWait) {
      data.put("deployed", false);
      return new Answer("deploying " + app + " " + deployed, data);
    }
    console.progress("deploying " + app + " " + deployed);
    Rollout.Result result =
        new Rollout(lattice, console::progress).await(app, Duration.ofSeconds(timeoutSeconds));
    data.put("deployed", true);
    data.put("status", result.status());
    return new Answer(app + "  " + deployed + "  deployed  " + AppItem.count(result.items()), data);
  }
}
