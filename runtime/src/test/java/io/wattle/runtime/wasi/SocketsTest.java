package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.runtime.wasi.sockets.NetworkAccess;
import io.wattle.runtime.wasi.sockets.NetworkRule;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest with sockets, and Java's on the other side. */
@Timeout(120)
class SocketsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int SOON_MILLIS = 60_000;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private static NetworkAccess reach(String... rules) {
    return new NetworkAccess(Arrays.stream(rules).map(NetworkRule::parse).toList(), List.of());
  }

  private static NetworkAccess listen(String rule) {
    return new NetworkAccess(List.of(), List.of(NetworkRule.parse(rule)));
  }

  private int run(NetworkAccess access, String... words) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("wasi-sockets"));
    arguments.addAll(List.of(words));
    WasiOptions options =
        WasiOptions.builder()
            .arguments(arguments)
            .network(access)
            .stdout(
                new OutputSink() {
                  @Override
                  public int writable() {
                    return UNLIMITED;
                  }

                  @Override
                  public void write(byte[] data, int offset, int length) {
                    lines.add(new String(data, offset, length, UTF_8).strip());
                  }
                })
            .build();
    try (Guests command = new Guests("wasi-sockets", options)) {
      return command.component().run(Guests.task(Duration.ofSeconds(60)));
    }
  }

  private CompletableFuture<Integer> start(NetworkAccess access, String... words) {
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                exit.complete(run(access, words));
              } catch (InterruptedException | RuntimeException | Error e) {
                exit.completeExceptionally(e);
              }
            });
    return exit;
  }

  private String line() throws InterruptedException {
    String line = lines.poll(60, TimeUnit.SECONDS);
    assertThat(line).isNotNull();
    return String.valueOf(line);
  }

  private int listeningPort() throws InterruptedException {
    return Integer.parseInt(line().replaceFirst("listening 127.0.0.1:", ""));
  }

  @Test
  void aClientIsAnsweredByAServerAndBothStreamTheirParts() throws Exception {
    String text = "x".repeat(1_000_000);
    CompletableFuture<Integer> server = start(listen("127.0.0.1:*"), "serve", "127.0.0.1:0", "1");
    int port = listeningPort();
    assertThat(run(reach("127.0.0.1:" + port), "echo", "127.0.0.1:" + port, text)).isZero();
    assertThat(server.get(60, TimeUnit.SECONDS)).isZero();
    List<String> said = List.copyOf(lines);
    assertThat(said).contains("served 1");
    assertThat(String.join("", said).replace("served 1", "")).isEqualTo(text);
  }

  @Test
  void aServerTakesConnectionsOneAfterTheOther() throws Exception {
    CompletableFuture<Integer> server = start(listen("127.0.0.1:*"), "serve", "127.0.0.1:0", "2");
    int port = listeningPort();
    for (String text : List.of("first", "second")) {
      try (Socket client = new Socket(LOOPBACK, port)) {
        client.setSoTimeout(SOON_MILLIS);
        client.getOutputStream().write(text.getBytes(UTF_8));
        client.shutdownOutput();
        assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).isEqualTo(text);
      }
    }
    assertThat(line()).isEqualTo("served 2");
    assertThat(server.get(60, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void aWriterIsHeldBackByAReaderThatDoesNotRead() throws Exception {
    try (ServerSocket lazy = new ServerSocket(0, 1, LOOPBACK)) {
      String address = "127.0.0.1:" + lazy.getLocalPort();
      run(reach(address), "flood", address, "1000000000");
    }
    assertThat(line()).isEqualTo("held back true");
  }

  @Test
  void datagramsGoBothWays() throws Exception {
    CompletableFuture<Integer> server = start(listen("127.0.0.1:*"), "answer", "127.0.0.1:0");
    int port = listeningPort();
    assertThat(run(reach("127.0.0.1:*"), "datagram", "127.0.0.1:" + port, "hello")).isZero();
    assertThat(server.get(60, TimeUnit.SECONDS)).isZero();
    assertThat(List.of(line(), line())).containsExactlyInAnyOrder("hello", "answered");
  }

  /** The answer comes from the one that was asked, and from nobody else. */
  @Test
  void datagramsOfStrangersAreNotSeen() throws Exception {
    try (DatagramSocket asked = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        DatagramSocket stranger = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
      asked.setSoTimeout(SOON_MILLIS);
      String address = "127.0.0.1:" + asked.getLocalPort();
      CompletableFuture<Integer> client = start(reach(address), "datagram", address, "who?");
      DatagramPacket question = new DatagramPacket(new byte[100], 100);
      asked.receive(question);
      byte[] wrong = "stranger".getBytes(UTF_8);
      stranger.send(new DatagramPacket(wrong, wrong.length, question.getSocketAddress()));
      byte[] right = "friend".getBytes(UTF_8);
      asked.send(new DatagramPacket(right, right.length, question.getSocketAddress()));
      assertThat(line()).isEqualTo("friend");
      assertThat(client.get(60, TimeUnit.SECONDS)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo 127.0.0.1:9 x",
        "serve 127.0.0.1:0 1",
        "datagram 127.0.0.1:9 x",
        "answer 127.0.0.1:9",
        "lookup localhost"
      })
  void nothingIsAllowedUnlessItIsNamed(String words) throws Exception {
    assertThat(run(NetworkAccess.NONE, words.split(" "))).isEqualTo(1);
    assertThat(line()).isEqualTo("error access-denied");
    run(reach("127.0.0.2:9"), words.split(" "));
    assertThat(line()).isEqualTo("error access-denied");
  }

  @ParameterizedTest
  @CsvSource({
    "*:*, echo 0.0.0.0:80 x, error invalid-argument",
    "*:*, echo 127.0.0.1:0 x, error invalid-argument",
    "*:*, lookup not..a.name, error invalid-argument",
    "localhost:1, lookup localhost, found true",
    "*:*, echo 127.0.0.1:1 x, error connection-refused",
    "*:*, many, 64 then new-socket-limit",
    "127.0.0.1:1-1000, echo 127.0.0.1:2000 x, error access-denied"
  })
  void failuresHaveTheirCodes(String rule, String words, String answer) throws Exception {
    run(reach(rule), words.split(" "));
    assertThat(line()).isEqualTo(answer);
  }

  @Test
  void anAddressThatIsTakenIsInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
      run(listen("*:*"), "serve", "127.0.0.1:" + taken.getLocalPort(), "1");
    }
    assertThat(line()).isEqualTo("error address-in-use");
  }
}
