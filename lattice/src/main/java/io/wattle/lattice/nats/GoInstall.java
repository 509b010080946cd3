package io.wattle.lattice.nats;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Built by a Go that is on this machine; takes a minute or two. */
final class GoInstall implements BinarySource {
  /** The first Go that fetches a newer one by itself when a module asks for it. */
  private static final NatsVersion OLDEST_GO = new NatsVersion(1, 21, 0);

  @Override
  public String describe() {
    return "go install of v" + BinaryFinder.WANTED + " (a minute or two)";
  }

  @Override
  public String key() {
    return BinaryFinder.WANTED + "-go";
  }

  @Override
  public Path fetch(Path work) throws IOException, InterruptedException {
    String said = Command.run(Duration.ofSeconds(30), null, "go", "version");
    NatsVersion go = goVersion(said);
    if (go.compareTo(OLDEST_GO) < 0) {
      throw new IOException("go " + go + " (expected: " + OLDEST_GO + " or later)");
    }
    Command.run(
        Duration.ofMinutes(10),
        Map.of("GOBIN", work.toString(), "CGO_ENABLED", "0"),
        "go",
        "install",
        "github.com/nats-io/nats-server/v2@v" + BinaryFinder.WANTED);
    return work.resolve("nats-server");
  }

  static NatsVersion goVersion(String said) {
    var matcher = java.util.regex.Pattern.compile("go(\\d+)\\.(\\d+)").matcher(said);
    return matcher.find()
        ? new NatsVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), 0)
        : new NatsVersion(0, 0, 0);
  }
}
