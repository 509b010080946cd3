package io.wattle.lattice.testing;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.nats.NatsServer;
import io.wattle.lattice.nats.NatsServerBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real {@code nats-server} for each test class, on a free port with JetStream in a temporary
 * directory, and a fresh lattice name for each test. Use it as
 *
 * <pre>{@code
 * @RegisterExtension static final NatsForTests NATS = new NatsForTests();
 * }</pre>
 *
 * or with {@code @ExtendWith(NatsForTests.class)} and a parameter of type {@code NatsForTests} or
 * {@link LatticeConnection}.
 */
public final class NatsForTests
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {
  private static final AtomicInteger LATTICES = new AtomicInteger();

  /** Test machines stand still at times; whoever waits for what comes does not wait so long. */
  private static final Duration LONG = Duration.ofSeconds(90);

  private static final Duration REQUEST = Duration.ofSeconds(15);

  static {
    Awaitility.setDefaultTimeout(LONG);
  }

  private final List<LatticeConnection> connections = new ArrayList<>();
  private @Nullable Path directory;
  private @Nullable NatsServer server;
  private String lattice = "test";

  @Override
  public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
    Path made = Files.createTempDirectory("wattle-nats-");
    directory = made;
    server = NatsServer.start(binary(), NatsServer.Options.in(made));
  }

  /** The binary all tests use. */
  public static NatsServerBinary binary() throws IOException, InterruptedException {
    return NatsServerBinary.find(NatsServerBinary.defaultCache(), System.err::println);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    lattice = "test-" + ProcessHandle.current().pid() + "-" + LATTICES.incrementAndGet();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    synchronized (connections) {
      connections.forEach(LatticeConnection::close);
      connections.clear();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (server != null) {
      server.kill();
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
  public NatsServer server() {
    if (server == null) {
      throw new IllegalStateException("the server runs from before the first test on");
    }
    return server;
  }

  /** Where it listens, without credentials. */
  public String url() {
    return server().url();
  }

  /** The lattice of this test. */
  public String lattice() {
    return lattice;
  }

  /** How to connect to the lattice of this test. */
  public LatticeOptions options() {
    return LatticeOptions.of(url(), lattice).with(server().credentials());
  }

  /** A new connection, closed after this test. */
  public LatticeConnection connect() throws InterruptedException {
    return connect(options().withTimeouts(REQUEST, REQUEST));
  }

  /** A new connection, closed after this test. */
  public LatticeConnection connect(LatticeOptions options) throws InterruptedException {
    LatticeConnection connection = LatticeConnection.connect(options);
    synchronized (connections) {
      connections.add(connection);
    }
    return connection;
  }

  /** Kills the server; clients see the connection break. */
  public void killServer() {
    server().kill();
  }

  /** Starts a killed server again, at the same port with the same data. */
  public void restartServer() throws IOException, InterruptedException {
    NatsServer before = server();
    before.kill();
    server = NatsServer.start(before.binary(), before.options().withPort(before.port()));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == NatsForTests.class || type == LatticeConnection.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    if (parameter.getParameter().getType() == NatsForTests.class) {
      return this;
    }
    try {
      return connect();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while connecting", e);
    }
  }
}
