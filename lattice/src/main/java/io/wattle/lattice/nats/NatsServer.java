package io.wattle.lattice.nats;

import io.wattle.lattice.Credentials;
import io.wattle.lattice.tls.ServerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@code nats-server} process with JetStream, on loopback, with generated credentials unless told
 * otherwise. It dies with this process, however that dies: a shell between the two holds a pipe and
 * kills the server when the pipe breaks.
 */
public final class NatsServer implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(5);

  private final NatsServerBinary binary;
  private final Options options;
  private final Process watchdog;
  private final ProcessHandle server;
  private final int port;

  private NatsServer(
      NatsServerBinary binary, Options options, Process watchdog, ProcessHandle server, int port) {
    this.binary = binary;
    this.options = options;
    this.watchdog = watchdog;
    this.server = server;
    this.port = port;
  }

  /**
   * How it is run.
   *
   * @param directory JetStream data, configuration, log; made when it is not there
   * @param host address to listen at
   * @param port 0 for any free one
   * @param credentials what clients must know: None or UserPassword
   * @param startTimeout until it answers
   * @param tls what it shows; with it no client without TLS is let in. Null for no TLS
   * @param cluster its place in a cluster, null for none
   */
  public record Options(
      Path directory,
      String host,
      int port,
      Credentials credentials,
      Duration startTimeout,
      @Nullable ServerCertificate tls,
      @Nullable ClusterMember cluster) {
    public Options {
      if (port < 0 || port > 65535) {
        throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
      }
    }

    /** Loopback, any free port, generated user and password, 30 s to start. */
    public static Options in(Path directory) {
      return new Options(
          directory,
          "127.0.0.1",
          0,
          NatsCredentials.generate(),
          Duration.ofSeconds(30),
          null,
          null);
    }

    /** At another port. */
    public Options withPort(int other) {
      return new Options(directory, host, other, credentials, startTimeout, tls, cluster);
    }

    /** At another address. */
    public Options withHost(String other) {
      return new Options(directory, other, port, credentials, startTimeout, tls, cluster);
    }

    /** With TLS only. */
    public Options withTls(ServerCertificate certificate) {
      return new Options(directory, host, port, credentials, startTimeout, certificate, cluster);
    }

    /** As a member of a cluster. */
    public Options withCluster(ClusterMember member) {
      return new Options(directory, host, port, credentials, startTimeout, tls, member);
    }

    /** With other credentials. */
    public Options withCredentials(Credentials other) {
      return new Options(directory, host, port, other, startTimeout, tls, cluster);
    }
  }

  /**
   * Starts it and waits until it answers.
   *
   * @throws IOException when it does not start; the message says why and what to do
   */
  public static NatsServer start(NatsServerBinary binary, Options options)
      throws IOException, InterruptedException {
    Starting starting = Starting.begin(binary, options);
    try {
      int port = starting.awaitPort();
      return new NatsServer(binary, options, starting.watchdog(), starting.server(), port);
    } catch (IOException | InterruptedException | RuntimeException e) {
      starting.giveUp();
      throw e;
    }
  }

  /** {@code nats://127.0.0.1:41234}, without credentials; {@code tls://} where it asks for TLS. */
  public String url() {
    String host = dialled(options.host());
    String scheme = options.tls() == null ? "nats://" : "tls://";
    return scheme + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** What to dial on this machine to reach what listens at {@code host}. */
  static String dialled(String host) {
    return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
  }

  /** The port it listens at. */
  public int port() {
    return port;
  }

  /** What clients must know. */
  public Credentials credentials() {
    return options.credentials();
  }

  /** How it was started. */
  public Options options() {
    return options;
  }

  /** What runs. */
  public NatsServerBinary binary() {
    return binary;
  }

  /** Its log. */
  public Path log() {
    return ServerFiles.log(options.directory());
  }

  /** Its process id. */
  public long pid() {
    return server.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return server.isAlive();
  }

  /** Whether what it acknowledged survives a power cut (2.10 and later). */
  public boolean syncsAlways() {
    return binary.version().canSyncAlways();
  }

  /** Runs {@code then} once it has ended, whoever ended it. */
  public void onExit(Runnable then) {
    var _ = watchdog.onExit().thenRun(then);
  }

  /** Stops it in good order, after 5 s by force. */
  public void stop() {
    server.destroy();
    try {
      if (!watchdog.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
    closePipe();
  }

  /** Kills it as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    server.destroyForcibly();
    try {
      watchdog.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closePipe();
  }

  private void closePipe() {
    try {
      watchdog.getOutputStream().close();
      Files.deleteIfExists(ServerFiles.pid(options.directory()));
    } catch (IOException e) {
      watchdog.destroyForcibly();
    }
  }

  @Override
  public void close() {
    stop();
  }

  @Override
  public String toString() {
    return "nats-server " + binary.version() + " at " + url();
  }
}
