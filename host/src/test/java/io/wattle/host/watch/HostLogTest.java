package io.wattle.host.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.lattice.watch.LogLine;
import io.wattle.lattice.watch.LogPage;
import io.wattle.lattice.watch.LogRequest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class HostLogTest {
  private static final int PLENTY = 1 << 20;
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final HostLog log = new HostLog(now::get);

  @Test
  void tellsWhatAComponentSaidAndWhatTheHostSaysOfIt() throws Exception {
    log.add(Level.INFO, "counter", "stdout", "one");
    log.add(Level.INFO, "other", "stdout", "counter");
    log.add(Level.WARN, null, "Components", "component counter failed");
    log.add(Level.WARN, null, "Components", "component counter-2 failed");
    log.add(Level.WARN, null, "Components", "my-counter failed");

    assertThat(texts(page("counter", null, null, null)))
        .containsExactly("one", "component counter failed");
    assertThat(texts(page(null, null, null, null))).hasSize(5);
  }

  @Test
  void knowsAgeAndTail() throws Exception {
    log.add(Level.INFO, null, "Host", "old");
    now.set(NOON.plusSeconds(60));
    log.add(Level.INFO, null, "Host", "new");
    log.add(Level.INFO, null, "Host", "newer");

    assertThat(texts(page(null, null, NOON.plusSeconds(1), null))).containsExactly("new", "newer");
    assertThat(texts(page(null, null, null, 1))).containsExactly("newer");
    LogPage none = page(null, null, null, 0);
    assertThat(none.lines()).isEmpty();
    assertThat(none.next()).isEqualTo(3);
  }

  @Test
  void goesOnWhereTheLastPageEnded() throws Exception {
    for (int i = 0; i < 10; i++) {
      log.add(Level.INFO, null, "Host", "0123456789");
    }
    LogPage last = log.page(new LogRequest(null, null, null, null, 0), 35);
    assertThat(last.lines()).extracting(LogLine::seq).containsExactly(8L, 9L, 10L);
    assertThat(last.next()).isEqualTo(10);

    LogPage first = log.page(new LogRequest(null, 2L, null, null, 0), 35);
    assertThat(first.lines()).extracting(LogLine::seq).containsExactly(3L, 4L, 5L);
    assertThat(first.next()).isEqualTo(5);
  }

  @Test
  void isBoundedAndTellsWhatIsLost() throws Exception {
    int lines = 6_000;
    for (int i = 0; i < lines; i++) {
      log.add(Level.INFO, null, "Host", "line");
    }
    LogPage page = log.page(new LogRequest(null, 10L, null, null, 0), PLENTY);
    assertThat(page.lines()).hasSize(5_000);
    assertThat(page.lost()).isEqualTo(lines - 5_000 - 10);

    log.add(Level.INFO, null, "Host", "x".repeat(PLENTY));
    LogPage cut = page(null, null, null, 1);
    assertThat(cut.lines().getFirst().text()).hasSizeLessThan(10_000).endsWith("...");
  }

  @Test
  void waitsForTheNextLine() throws Exception {
    log.add(Level.INFO, null, "Host", "before");
    CompletableFuture<LogPage> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return log.page(new LogRequest("a", 1L, null, null, 10_000), PLENTY);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    log.add(Level.INFO, "b", "stdout", "not this");
    log.add(Level.INFO, "a", "stdout", "this");

    LogPage page = waiting.get(60, TimeUnit.SECONDS);
    assertThat(texts(page)).containsExactly("this");
    assertThat(page.lost()).isZero();
  }

  @Test
  void aReaderOfAnotherLifeOfTheHostStartsAnew() throws Exception {
    log.add(Level.INFO, null, "Host", "first of this life");

    LogPage page = log.page(new LogRequest(null, 4_711L, null, null, 0), PLENTY);

    assertThat(page.next()).isEqualTo(1);
  }

  private LogPage page(
      @Nullable String id, @Nullable Long after, @Nullable Instant since, @Nullable Integer tail)
      throws Exception {
    return log.page(new LogRequest(id, after, since, tail, 0), PLENTY);
  }

  private static List<String> texts(LogPage page) {
    return page.lines().stream().map(LogLine::text).toList();
  }
}
