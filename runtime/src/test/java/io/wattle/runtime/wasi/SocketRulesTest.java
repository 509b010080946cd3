package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.runtime.wasi.sockets.NetworkAccess;
import io.wattle.runtime.wasi.sockets.NetworkRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sockets do at their edges, as the test programs of wasmtime expect it; called from Java. */
@Timeout(180)
class SocketRulesTest {
  private static final String TCP = "wasi:sockets/tcp@0.2.0";
  private static final String UDP = "wasi:sockets/udp@0.2.0";
  private static final String TCP_SOCKET = "[method]tcp-socket.";
  private static final String UDP_SOCKET = "[method]udp-socket.";
  private static final int IPV4 = 0;
  private static final int INVALID_ARGUMENT = 3;
  private static final int WOULD_BLOCK = 8;
  private static final int CONNECTION_REFUSED = 14;
  private static final long SECOND = 1_000_000_000L;
  private static final Duration LONG = Duration.ofSeconds(90);

  private final Guest guest =
      new Guest(
          WasiOptions.builder()
              .network(
                  new NetworkAccess(
                      List.of(NetworkRule.parse("*:*")), List.of(NetworkRule.parse("*:*"))))
              .build(),
          LONG);
  private final Object network =
      Objects.requireNonNull(guest.call("wasi:sockets/instance-network@0.2.0", "instance-network"));

  SocketRulesTest() throws InterruptedException {}

  @AfterEach
  void close() {
    guest.close();
  }

  private static Variant address(int port, Integer... parts) {
    return new Variant(0, new Object[] {port, parts});
  }

  private static Variant loopback(int port) {
    return address(port, 127, 0, 0, 1);
  }

  private Object tcp() throws InterruptedException {
    return guest.ok("wasi:sockets/tcp-create-socket@0.2.0", "create-tcp-socket", IPV4);
  }

  private Object udp() throws InterruptedException {
    return guest.ok("wasi:sockets/udp-create-socket@0.2.0", "create-udp-socket", IPV4);
  }

  private Object ok(Object socket, String function, @Nullable Object... more)
      throws InterruptedException {
    return guest.ok(TCP, TCP_SOCKET + function, with(socket, more));
  }

  private int error(Object socket, String function, @Nullable Object... more)
      throws InterruptedException {
    return guest.error(TCP, TCP_SOCKET + function, with(socket, more));
  }

  private static @Nullable Object[] with(Object self, @Nullable Object... more) {
    List<@Nullable Object> all = new ArrayList<>();
    all.add(self);
    all.addAll(java.util.Arrays.asList(more));
    return all.toArray();
  }

  private Object bound(Object socket) throws InterruptedException {
    ok(socket, "start-bind", network, loopback(0));
    ok(socket, "finish-bind");
    return socket;
  }

  private Object listening(Object socket) throws InterruptedException {
    bound(socket);
    ok(socket, "start-listen");
    ok(socket, "finish-listen");
    return socket;
  }

  /** The socket of a connection, its input and its output. */
  private Object[] connect(Object socket, Object listener) throws InterruptedException {
    ok(socket, "start-connect", network, ok(listener, "local-address"));
    Object[] streams = (Object[]) eventually(TCP, TCP_SOCKET + "finish-connect", socket);
    return new Object[] {socket, streams[0], streams[1]};
  }

  /** What a function gives once it does not say any more that it would block. */
  private Object eventually(String instance, String function, Object self)
      throws InterruptedException {
    await()
        .atMost(LONG)
        .until(
            () -> {
              Result result = guest.result(instance, function, self);
              boolean later = !result.isOk() && Objects.equals(result.payload(), WOULD_BLOCK);
              held = result;
              return !later;
            });
    assertThat(held.isOk()).as(function + " " + held).isTrue();
    return Objects.requireNonNull(held.payload());
  }

  private Result held = Result.OK;

  @Test
  void aStreamThatWasEndedIsClosedAndWhatWasWrittenArrives() throws Exception {
    Object listener = listening(tcp());
    Object socket = tcp();
    ok(socket, "set-send-buffer-size", 1024L);
    Object[] client = connect(socket, listener);
    Object[] server = (Object[]) eventually(TCP, TCP_SOCKET + "accept", listener);
    long room = (Long) guest.ok(Guest.STREAMS, "[method]output-stream.check-write", client[2]);
    // More than the system takes at once, and nobody reads yet.
    guest.ok(Guest.STREAMS, "[method]output-stream.write", client[2], new byte[(int) room]);
    ok(client[0], "shutdown", 1);
    Result written =
        guest.result(Guest.STREAMS, "[method]output-stream.write", client[2], new byte[1]);
    assertThat(((Variant) Objects.requireNonNull(written.payload())).index()).isOne();
    guest.drop(Guest.STREAMS, "output-stream", client[2]);
    long read = 0;
    while (true) {
      Result next =
          guest.result(Guest.STREAMS, "[method]input-stream.blocking-read", server[1], 65536L);
      if (!next.isOk()) {
        assertThat(((Variant) Objects.requireNonNull(next.payload())).index()).isOne();
        break;
      }
      read += ((byte[]) Objects.requireNonNull(next.payload())).length;
    }
    assertThat(read).isEqualTo(room);
  }

  @Test
  void optionsSetBeforeBindingHoldForWhatIsAccepted() throws Exception {
    Object listener = tcp();
    ok(listener, "set-keep-alive-enabled", true);
    ok(listener, "set-keep-alive-idle-time", 42 * SECOND);
    listening(listener);
    assertThat(ok(listener, "keep-alive-idle-time")).isEqualTo(42 * SECOND);
    connect(tcp(), listener);
    Object[] server = (Object[]) eventually(TCP, TCP_SOCKET + "accept", listener);
    assertThat(ok(server[0], "keep-alive-enabled")).isEqualTo(true);
    assertThat(ok(server[0], "keep-alive-idle-time")).isEqualTo(42 * SECOND);
  }

  @Test
  void timesAreClampedAndOnlyZeroIsRefused() throws Exception {
    Object socket = tcp();
    assertThat(error(socket, "set-keep-alive-idle-time", 0L)).isEqualTo(INVALID_ARGUMENT);
    ok(socket, "set-keep-alive-idle-time", 1L);
    assertThat(ok(socket, "keep-alive-idle-time")).isEqualTo(SECOND);
    ok(socket, "set-keep-alive-interval", -1L);
    assertThat((Long) ok(socket, "keep-alive-interval")).isGreaterThan(SECOND);
  }

  @Test
  void tcpHasToDoWithOneMachineOnly() throws Exception {
    for (Variant many : List.of(address(9, 255, 255, 255, 255), address(9, 224, 254, 0, 0))) {
      assertThat(error(tcp(), "start-bind", network, many)).isEqualTo(INVALID_ARGUMENT);
      assertThat(error(tcp(), "start-connect", network, many)).isEqualTo(INVALID_ARGUMENT);
    }
  }

  private Object udpBound() throws InterruptedException {
    Object socket = udp();
    guest.ok(UDP, UDP_SOCKET + "start-bind", socket, network, loopback(0));
    guest.ok(UDP, UDP_SOCKET + "finish-bind", socket);
    return socket;
  }

  private Object local(Object socket) throws InterruptedException {
    return guest.ok(UDP, UDP_SOCKET + "local-address", socket);
  }

  private Object[] streams(Object socket, @Nullable Object remote) throws InterruptedException {
    return (Object[]) guest.ok(UDP, UDP_SOCKET + "stream", socket, Optional.ofNullable(remote));
  }

  private void send(Object outgoing, String text) throws InterruptedException {
    guest.ok(UDP, "[method]outgoing-datagram-stream.check-send", outgoing);
    Object datagram = new Object[] {text.getBytes(UTF_8), Optional.empty()};
    guest.ok(UDP, "[method]outgoing-datagram-stream.send", outgoing, List.of(datagram));
  }

  /** The next datagram's text. */
  private String receive(Object incoming) throws InterruptedException {
    Object ready = guest.call(UDP, "[method]incoming-datagram-stream.subscribe", incoming);
    guest.call("wasi:io/poll@0.2.0", "[method]pollable.block", ready);
    List<?> got = (List<?>) guest.ok(UDP, "[method]incoming-datagram-stream.receive", incoming, 1L);
    return new String((byte[]) ((Object[]) got.getFirst())[0], UTF_8);
  }

  @Test
  void whatCameBeforeASocketWasConnectedIsKept() throws Exception {
    Object here = udpBound();
    Object friend = udpBound();
    Object stranger = udpBound();
    send(streams(stranger, local(here))[1], "not this");
    Object out = streams(friend, local(here))[1];
    send(out, "");
    send(out, "this");
    Object in = streams(here, local(friend))[0];
    assertThat(receive(in)).isEmpty();
    assertThat(receive(in)).isEqualTo("this");
  }

  @Test
  void aReceiverThatIsGoneRefuses() throws Exception {
    Object gone = udpBound();
    Object to = local(gone);
    guest.drop(UDP, "udp-socket", gone);
    Object[] streams = streams(udpBound(), to);
    send(streams[1], "hello");
    Object ready = guest.call(UDP, "[method]incoming-datagram-stream.subscribe", streams[0]);
    guest.call("wasi:io/poll@0.2.0", "[method]pollable.block", ready);
    assertThat(guest.error(UDP, "[method]incoming-datagram-stream.receive", streams[0], 1L))
        .isEqualTo(CONNECTION_REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a.b<&>", "127.0.0.1:80", "http://example.com/"})
  void whatIsNoNameIsNotLookedUp(String name) throws Exception {
    assertThat(guest.error("wasi:sockets/ip-name-lookup@0.2.0", "resolve-addresses", network, name))
        .isEqualTo(INVALID_ARGUMENT);
  }

  @Test
  void theSeedOfAnInstanceStaysTheSame() throws Exception {
    Object[] first = (Object[]) guest.call("wasi:random/insecure-seed@0.2.0", "insecure-seed");
    assertThat(guest.call("wasi:random/insecure-seed@0.2.0", "insecure-seed")).isEqualTo(first);
  }
}
