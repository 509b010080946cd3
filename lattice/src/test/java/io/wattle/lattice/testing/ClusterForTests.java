package io.wattle.lattice.testing;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.nats.ClusterMember;
import io.wattle.lattice.nats.NatsCredentials;
import io.wattle.lattice.nats.NatsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Several {@code nats-server}s that make a cluster with JetStream, on this machine, each with a
 * directory of its own. Members may be killed and started again.
 */
public final class ClusterForTests implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(2);

  private final List<NatsServer> servers = new ArrayList<>();
  private final Credentials credentials = NatsCredentials.generate();

  private ClusterForTests() {}

  /** Starts it, and waits until JetStream answers. */
  public static ClusterForTests start(Path directory, int size)
      throws IOException, InterruptedException {
    ClusterForTests cluster = new ClusterForTests();
    try {
      String host = host();
      List<Integer> ports = freePorts(host, 2 * size);
      List<String> routes =
          ports.subList(size, 2 * size).stream().map(p -> host + ":" + p).toList();
      for (int i = 0; i < size; i++) {
        NatsServer.Options options =
            NatsServer.Options.in(directory.resolve("nats-" + (i + 1)))
                .withHost(host)
                .withPort(ports.get(i))
                .withCredentials(cluster.credentials)
                .withCluster(
                    new ClusterMember("nats-" + (i + 1), "test", ports.get(size + i), routes));
        cluster.servers.add(NatsServer.start(NatsForTests.binary(), options));
      }
      cluster.awaitJetStream(size);
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** A member, numbered from 1. */
  public NatsServer server(int number) {
    return servers.get(number - 1);
  }

  /** Starts a killed member again, with its data. */
  public void restart(int number) throws IOException, InterruptedException {
    NatsServer before = server(number);
    before.kill();
    servers.set(number - 1, NatsServer.start(before.binary(), before.options()));
  }

  /** Where all members listen, separated by commas. */
  public String url() {
    return servers.stream().map(NatsServer::url).collect(Collectors.joining(","));
  }

  /** How to connect. */
  public LatticeOptions options(String lattice) {
    return LatticeOptions.of(url(), lattice)
        .with(credentials)
        .withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(20));
  }

  /** Until a stream can have a copy on each of them. */
  private void awaitJetStream(int size) {
    Awaitility.await()
        .atMost(READY)
        .ignoreExceptionsMatching(
            e -> e instanceof LatticeException || e instanceof JetStreamApiException)
        .until(
            () -> {
              try (LatticeConnection connection = LatticeConnection.connect(options("default"))) {
                connection.requireJetStream();
                JetStreamManagement management =
                    connection.nats().jetStreamManagement(connection.jetStreamOptions());
                management.addStream(
                    StreamConfiguration.builder().name("ready").replicas(size).build());
                return management.deleteStream("ready");
              }
            });
  }

  @Override
  public void close() {
    servers.forEach(NatsServer::kill);
  }

  /** Where Linux allows it an address that nobody else uses, so that the ports are free. */
  private static String host() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
        ? "127." + random.nextInt(1, 255) + "." + random.nextInt(255) + "." + random.nextInt(1, 255)
        : "127.0.0.1";
  }

  private static List<Integer> freePorts(String host, int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getByName(host)));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
