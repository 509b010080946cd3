package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Bodies larger than the memory that is there for them, and more requests than instances. */
@EnabledOnOs(OS.LINUX)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BodiesAndCrowdsTest {
  /** Less than two of the bodies; what the launcher gives with {@code WATTLE_MEMORY=256m}. */
  private static final String HEAP = "160m";

  private static final int BODY = 100 << 20;
  private static final int PIECE = 64 << 10;

  /** All buffers on the way, the kernel's included. */
  private static final long BUFFERED = 32L << 20;

  private static final int TOO_MANY = 15;
  private static final int CROWD = 1 + 64 + TOO_MANY;
  private static final Duration STALLED = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Wattle wattle;
  private int toolbox;
  private int slow;

  @BeforeAll
  void start() throws Exception {
    wattle = Wattle.withHeap(HEAP);
    List<Integer> ports = Ports.free(2);
    toolbox = ports.getFirst();
    slow = ports.getLast();
    wattle.up(
        Manifests.write(wattle.folder(), "toolbox.yaml", Map.of("toolbox", toolbox, "slow", slow)));
  }

  @AfterAll
  void stop() throws Exception {
    wattle.close();
  }

  @Test
  void hundredMegabytesUp() throws Exception {
    try (RawExchange exchange = RawExchange.post(toolbox, "/discard", BODY)) {
      write(exchange.body(), new AtomicLong());
      exchange.expect(200);
      assertThat(new String(exchange.readAll(), StandardCharsets.UTF_8).strip())
          .startsWith(Integer.toString(BODY));
    }
    Proved.that("100 MiB up through a heap of %s", HEAP);
  }

  @Test
  void hundredMegabytesDownToSlowReader() throws Exception {
    try (RawExchange exchange =
        RawExchange.get(toolbox, "/stream?chunks=" + BODY / PIECE + "&size=" + PIECE)) {
      exchange.expect(200);
      byte[] buffer = new byte[PIECE];
      long total = 0;
      int count = exchange.read(buffer);
      while (count >= 0) {
        total += count;
        LockSupport.parkNanos(Duration.ofNanos(count * 10L).toNanos()); // at most 100 MB/s
        count = exchange.read(buffer);
      }
      assertThat(total).isEqualTo(BODY);
    }
    Proved.that("100 MiB down to a slow reader through a heap of %s", HEAP);
  }

  @Test
  void echoWaitsForSlowReader() throws Exception {
    try (RawExchange exchange = RawExchange.post(toolbox, "/echo", BODY)) {
      AtomicLong sent = new AtomicLong();
      OutputStream body = exchange.body();
      CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeUnchecked(body, sent));
      awaitStall(sent);
      long atFirst = sent.get();
      assertThat(atFirst).as("bytes taken while nobody reads").isLessThan(BUFFERED);

      exchange.expect(200);
      long read = readPattern(exchange, 0, BODY / 2);
      awaitStall(sent);
      assertThat(sent.get() - read).as("bytes on the way").isLessThan(BUFFERED);
      read = readPattern(exchange, read, BODY);
      assertThat(read).isEqualTo(BODY);
      writer.join();
      Proved.that(
          "100 MiB echoed unchanged; the sender had to wait after %d kB for the reader",
          atFirst / 1000);
    }
  }

  @Test
  void firstByteLeavesBeforeTheLastIsWritten() throws Exception {
    try (RawExchange exchange = RawExchange.post(toolbox, "/echo", 2L * PIECE)) {
      byte[] piece = new byte[PIECE];
      exchange.body().write(piece);
      exchange.expect(200);
      byte[] buffer = new byte[1];
      assertThat(exchange.read(buffer)).as("bytes, while half is still to come").isEqualTo(1);
      exchange.body().write(piece);
      assertThat(exchange.readAll()).hasSize(2 * PIECE - 1);
      Proved.that("the first byte of an echo came before its last one was sent");
    }
  }

  /** One instance, 64 places to wait, at most 5 s. */
  @Test
  void crowdWaitsInBoundsAndThenGetsBusy() throws Exception {
    String base = "http://127.0.0.1:" + slow;
    Duration before = Web.get(base + "/state").is(200).took();
    List<Web.Reply> replies = List.of();
    // Those who do not come close together find places to wait; then it is done once more.
    for (int tried = 0; tried < 5 && turnedAwayAtOnce(replies) < TOO_MANY; tried++) {
      replies = Web.atOnce(CROWD, base + "/sleep?ms=2000", PATIENCE);
    }
    List<Web.Reply> served = replies.stream().filter(reply -> reply.status() == 200).toList();
    List<Web.Reply> busy = replies.stream().filter(reply -> reply.status() == 503).toList();
    assertThat(served.size() + busy.size()).as(replies.toString()).isEqualTo(CROWD);
    assertThat(served).as("nobody waits longer than 5 s").isNotEmpty().hasSizeLessThan(10);
    assertThat(busy)
        .allSatisfy(reply -> assertThat(reply.retryAfter()).isPresent())
        .allSatisfy(reply -> assertThat(reply.body()).contains("busy"));
    assertThat(turnedAwayAtOnce(replies))
        .as("turned away at once, since all places to wait were taken")
        .isGreaterThanOrEqualTo(TOO_MANY);
    for (int i = 0; i < 20; i++) {
      Web.get(base + "/state").is(200);
    }
    Proved.that(
        "of %d requests for one instance %d were served, %d told to come back (%s); an answer took"
            + " %d ms before",
        CROWD, served.size(), busy.size(), busy.getFirst().body().strip(), before.toMillis());
  }

  private static long turnedAwayAtOnce(List<Web.Reply> replies) {
    return replies.stream()
        .filter(reply -> reply.status() == 503)
        .filter(reply -> reply.body().contains("places to wait are taken"))
        .count();
  }

  private static void awaitStall(AtomicLong sent) {
    AtomicLong seen = new AtomicLong(-1);
    AtomicLong since = new AtomicLong(System.nanoTime());
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              long now = sent.get();
              if (seen.getAndSet(now) != now) {
                since.set(System.nanoTime());
              }
              return now > 0 && System.nanoTime() - since.get() > STALLED.toNanos();
            });
  }

  private static void writeUnchecked(OutputStream to, AtomicLong sent) {
    try {
      write(to, sent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(OutputStream to, AtomicLong sent) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int offset = 0; offset < BODY; offset += PIECE) {
      for (int i = 0; i < PIECE; i++) {
        piece[i] = pattern(offset + i);
      }
      to.write(piece);
      sent.addAndGet(PIECE);
    }
    to.flush();
  }

  /** Reads at least up to {@code until}, checks every byte, and says how far it came. */
  private static long readPattern(RawExchange exchange, long from, long until) throws IOException {
    byte[] buffer = new byte[PIECE];
    long at = from;
    while (at < until) {
      int count = exchange.read(buffer);
      assertThat(count).as("bytes read at " + at).isPositive();
      for (int i = 0; i < count; i++) {
        if (buffer[i] != pattern(at + i)) {
          throw new AssertionError("byte " + (at + i) + " is another than was sent");
        }
      }
      at += count;
    }
    return at;
  }

  private static byte pattern(long offset) {
    return (byte) (offset ^ (offset >>> 8) ^ (offset >>> 16));
  }
}
