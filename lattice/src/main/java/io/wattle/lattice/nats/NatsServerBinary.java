package io.wattle.lattice.nats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A {@code nats-server} that can be run.
 *
 * @param path the executable
 * @param version as it says itself
 * @param source where it came from, for people
 */
public record NatsServerBinary(Path path, NatsVersion version, String source) {

  /**
   * The newest that can be had: {@code WATTLE_NATS_SERVER} (or the property {@code
   * wattle.nats.server}) if set; else one of the PATH, Go's bin directory or our cache if it is
   * 2.10 or later; else the upstream release, {@code go install}, the distribution's package, and
   * last an older one that was found. What it tries, it says to {@code progress}.
   *
   * @param cache directory for what is fetched; shared by processes
   * @throws IOException when none can be had; the message lists what was tried and what to do
   */
  public static NatsServerBinary find(Path cache, Consumer<String> progress)
      throws IOException, InterruptedException {
    return new BinaryFinder(cache, progress, System.getenv()).find();
  }

  /** Our cache under the user's cache directory ({@code XDG_CACHE_HOME}, {@code ~/.cache}). */
  public static Path defaultCache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("wattle").resolve("nats-server");
  }
}
