package io.wattle.cli.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.KeyValues;
import io.wattle.cli.connect.LatticeCommand;
import io.wattle.lattice.LatticeConnection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores a version. */
@Command(name = "put", description = "Store a manifest as a new version, without deploying it.")
final class AppPutCommand extends LatticeCommand {
  @Parameters(paramLabel = "FILE|-", description = "Manifest.")
  private String file = "";

  @Option(
      names = "--image",
      paramLabel = "NAME=REF",
      description = "Image of a component in the place of the manifest's. May be repeated.")
  private List<String> images = new ArrayList<>();

  @Option(names = "--replace", description = "Take the place of a stored version of the same name.")
  private boolean replace;

  private @Nullable PreparedManifest manifest;

  @Override
  protected void check() throws CommandException {
    manifest = PreparedManifest.of(ManifestSource.read(file), KeyValues.parse("--image", images));
  }

  @Override
  protected Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    if (manifest == null) {
      throw new IllegalStateException("manifest: null (expected: read by check)");
    }
    manifest.warnings().forEach(console::progress);
    JsonNode reply = new AppClient(lattice).put(manifest, replace);
    String name = reply.path("name").asText();
    String version = reply.path("current_version").asText();
    return Answer.of("stored " + name + " " + version)
        .with("app", name)
        .with("version", version)
        .with("result", reply.path("result").asText())
        .with("total_versions", reply.path("total_versions").asInt());
  }
}
