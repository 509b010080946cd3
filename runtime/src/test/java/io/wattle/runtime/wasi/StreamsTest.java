package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.wit.io.BytePipe;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamsTest {
  private static final int LAST_OPERATION_FAILED = 0;
  private static final int CLOSED = 1;

  private final BytePipe stdin = new BytePipe(8);
  private final BytePipe stdout = new BytePipe(8);
  private final Guest guest =
      new Guest(WasiOptions.builder().stdin(stdin).stdout(OutputSink.to(stdout)).build());

  @Test
  void readsWhatIsThereAndThenTheEnd() throws Exception {
    Object in = in();
    assertThat(read(in, 10)).isEmpty();
    stdin.tryWrite("abcdef".getBytes(UTF_8), 0, 6);
    assertThat(read(in, 4)).isEqualTo("abcd".getBytes(UTF_8));
    assertThat(read(in, -1)).isEqualTo("ef".getBytes(UTF_8));
    assertThat(read(in, 0)).isEmpty();
    stdin.close();
    assertThat(guest.error(Guest.STREAMS, "[method]input-stream.read", in, 4L)).isEqualTo(CLOSED);
    assertThat(guest.error(Guest.STREAMS, "[method]input-stream.blocking-skip", in, 4L))
        .isEqualTo(CLOSED);
  }

  @Test
  void blockingReadWaitsForTheWriter() throws Exception {
    Object in = in();
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    stdin.tryWrite("x".getBytes(UTF_8), 0, 1);
                  } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                  }
                });
    assertThat((byte[]) guest.ok(Guest.STREAMS, "[method]input-stream.blocking-read", in, 100L))
        .isEqualTo("x".getBytes(UTF_8));
    writer.join();
  }

  @Test
  void anAbortFailsTheOperationOnceAndThenTheStreamIsClosed() throws Exception {
    Object in = in();
    stdin.abort("the sender went away");
    var failed = guest.result(Guest.STREAMS, "[method]input-stream.read", in, 4L);
    var error = ((io.wattle.runtime.host.Variant) Objects.requireNonNull(failed.payload()));
    assertThat(error.index()).isEqualTo(LAST_OPERATION_FAILED);
    assertThat(guest.call("wasi:io/error@0.2.0", "[method]error.to-debug-string", error.payload()))
        .isEqualTo("the sender went away");
    assertThat(guest.error(Guest.STREAMS, "[method]input-stream.read", in, 4L)).isEqualTo(CLOSED);
  }

  @Test
  void checkWriteAnswersWhatFits() throws Exception {
    Object out = out();
    assertThat(guest.ok(Guest.STREAMS, "[method]output-stream.check-write", out)).isEqualTo(8L);
    guest.ok(Guest.STREAMS, "[method]output-stream.write", out, "hello".getBytes(UTF_8));
    assertThat(guest.ok(Guest.STREAMS, "[method]output-stream.check-write", out)).isEqualTo(3L);
    guest.ok(Guest.STREAMS, "[method]output-stream.write-zeroes", out, 3L);
    assertThat(guest.ok(Guest.STREAMS, "[method]output-stream.check-write", out)).isEqualTo(0L);
    Object pollable = guest.call(Guest.STREAMS, "[method]output-stream.subscribe", out);
    assertThat(ready(pollable)).isFalse();
    stdout.tryRead(new byte[8], 0, 1);
    assertThat(ready(pollable)).isTrue();
  }

  @Test
  void writingMoreThanPermittedTraps() throws Exception {
    Object out = out();
    assertThatThrownBy(
            () -> guest.call(Guest.STREAMS, "[method]output-stream.write", out, new byte[9]))
        .isInstanceOf(TrapException.class)
        .hasMessage("output-stream.write: 9 bytes (expected: at most 8, what check-write permits)");
    assertThatThrownBy(
            () ->
                guest.call(
                    Guest.STREAMS,
                    "[method]output-stream.blocking-write-and-flush",
                    out,
                    new byte[4097]))
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("at most 4096");
  }

  @Test
  void blockingWriteGoesAtThePaceOfTheReader() throws Exception {
    byte[] sent = new byte[4096];
    new java.util.Random(7).nextBytes(sent);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  byte[] buffer = new byte[5];
                  try {
                    int n;
                    while ((n = stdout.read(buffer, 0, 5, guest.task().deadline())) >= 0) {
                      received.write(buffer, 0, n);
                    }
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                });
    guest.ok(Guest.STREAMS, "[method]output-stream.blocking-write-and-flush", out(), sent);
    stdout.close();
    reader.join();
    assertThat(received.toByteArray()).isEqualTo(sent);
  }

  @Test
  void spliceMovesWhatBothSidesAllow() throws Exception {
    stdin.tryWrite("12345678".getBytes(UTF_8), 0, 8);
    stdout.tryWrite("....".getBytes(UTF_8), 0, 4);
    assertThat(guest.ok(Guest.STREAMS, "[method]output-stream.splice", out(), in(), -1L))
        .isEqualTo(4L);
    assertThat(stdin.buffered()).isEqualTo(4);
    stdout.tryRead(new byte[8], 0, 8);
    assertThat(guest.ok(Guest.STREAMS, "[method]output-stream.blocking-splice", out(), in(), 3L))
        .isEqualTo(3L);
    assertThat(stdin.buffered()).isEqualTo(1);
  }

  @Test
  void aReaderThatWentAwayFailsTheWrite() throws Exception {
    Object out = out();
    stdout.abort("gone");
    assertThat(guest.error(Guest.STREAMS, "[method]output-stream.check-write", out))
        .isEqualTo(LAST_OPERATION_FAILED);
    assertThat(guest.error(Guest.STREAMS, "[method]output-stream.flush", out)).isEqualTo(CLOSED);
  }

  @Test
  void polledStreamsKeepOneCallbackEach() throws Exception {
    Object never = guest.call(Guest.STREAMS, "[method]input-stream.subscribe", in());
    Object soon = guest.call("wasi:clocks/monotonic-clock@0.2.0", "subscribe-duration", 1_000_000L);
    assertThat(guest.call("wasi:io/poll@0.2.0", "poll", List.of(never, soon)))
        .isEqualTo(List.of(1L));
    assertThat(guest.call(Guest.STREAMS, "[method]input-stream.subscribe", in())).isSameAs(never);
  }

  private Object in() throws InterruptedException {
    return Objects.requireNonNull(guest.call("wasi:cli/stdin@0.2.1", "get-stdin"));
  }

  private Object out() throws InterruptedException {
    return Objects.requireNonNull(guest.call("wasi:cli/stdout@0.2.1", "get-stdout"));
  }

  private byte[] read(Object in, long length) throws InterruptedException {
    return (byte[]) guest.ok(Guest.STREAMS, "[method]input-stream.read", in, length);
  }

  private boolean ready(@Nullable Object pollable) throws InterruptedException {
    return Boolean.TRUE.equals(
        guest.call("wasi:io/poll@0.2.0", "[method]pollable.ready", pollable));
  }
}
