package io.wattle.lattice.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real Redis for a test class:
 *
 * <pre>{@code
 * @RegisterExtension static final RedisForTests REDIS = new RedisForTests();
 * }</pre>
 *
 * Where none can be had, the class is skipped and says so.
 */
public final class RedisForTests implements BeforeAllCallback, AfterAllCallback {
  private final String[] options;
  private @Nullable Path directory;
  private @Nullable RedisServer server;

  /** With further options such as {@code --requirepass x}. */
  public RedisForTests(String... options) {
    this.options = options;
  }

  /** The binary, or a line on standard error and nothing. */
  public static Optional<RedisBinary> binary() throws InterruptedException {
    try {
      return Optional.of(RedisBinary.find());
    } catch (IOException e) {
      System.err.println(
          "SKIPPED, no redis-server: none on the PATH, and the package could not be had: "
              + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
    Optional<RedisBinary> binary = binary();
    Assumptions.assumeTrue(binary.isPresent(), "no redis-server can be had here");
    Path made = Files.createTempDirectory("wattle-redis-");
    directory = made;
    server = RedisServer.start(binary.orElseThrow(), made, options);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (server != null) {
      server.close();
    }
    if (directory != null) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** The server. */
  public RedisServer server() {
    if (server == null) {
      throw new IllegalStateException("the server runs from before the first test on");
    }
    return server;
  }

  /** Where it listens. */
  public String url() {
    return server().url();
  }

  /** All options it was given. */
  public List<String> options() {
    return List.of(options);
  }
}
