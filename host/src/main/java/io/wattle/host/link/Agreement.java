package io.wattle.host.link;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Talk;
import io.wattle.lattice.control.ControlSubjects;
import io.wattle.lattice.json.Json;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a command about links or configs answer only when the Wattle hosts of the lattice go by it.
 * Each knows the others from a word at its start and now and then; whoever changed something asks
 * all for the revision. The buckets remain the truth: one that is silent follows them later, is
 * named, and is not waited for again until it speaks.
 */
public final class Agreement implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agreement.class);
  private static final int BEATS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration WATCH_FIRST = Duration.ofMillis(50);
  private static final Duration FLUSH = Duration.ofSeconds(5);

  private enum Kind {
    HERE,
    GONE,
    LINKS,
    CONFIG
  }

  /** What is said: {@code key} is a source or a config's name. */
  private record Word(String host, Kind kind, String key, long revision) {}

  private final String hostId;
  private final LatticeState state;
  private final Set<String> others = ConcurrentHashMap.newKeySet();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("agree-", 0).factory());
  private final Talk talk;
  private final AtomicInteger beats = new AtomicInteger();

  private Agreement(LatticeConnection connection, String hostId, LatticeState state) {
    this.hostId = hostId;
    this.state = state;
    String subject =
        new ControlSubjects(connection.options().controlPrefix(), connection.lattice())
            .of("wattle.agree");
    this.talk = Talk.join(connection, subject, this::heard);
  }

  /** Takes part: the others know us when this returns, and we know soon who they are. */
  public static Agreement join(LatticeConnection connection, String hostId, LatticeState state)
      throws InterruptedException {
    Agreement agreement = new Agreement(connection, hostId, state);
    agreement.here();
    connection.flush(FLUSH);
    return agreement;
  }

  /** To be called with every heartbeat: says now and then that we are there. */
  public void beat() {
    if (beats.incrementAndGet() % BEATS == 0) {
      here();
    }
  }

  private void here() {
    talk.say(write(new Word(hostId, Kind.HERE, "", 0)));
  }

  /**
   * Waits until all hosts go by the links of a source as they are at a revision.
   *
   * @return which did not within a second, empty when all did
   */
  public Optional<String> links(String source, long revision) throws InterruptedException {
    return ask(new Word(hostId, Kind.LINKS, source, revision));
  }

  /** As above, for a config. */
  public Optional<String> config(String name, long revision) throws InterruptedException {
    return ask(new Word(hostId, Kind.CONFIG, name, revision));
  }

  @Override
  public void close() {
    talk.tell(write(new Word(hostId, Kind.GONE, "", 0)));
    talk.close();
    workers.shutdownNow();
  }

  private Optional<String> ask(Word word) throws InterruptedException {
    Set<String> missing = new HashSet<>(others);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    talk.ask(
        write(word),
        Deadline.in(PATIENCE),
        answer -> {
          read(answer).ifPresent(from -> missing.remove(from.host()));
          return missing.isEmpty();
        });
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    others.removeAll(missing);
    return Optional.of(
        "warning: not confirmed within "
            + PATIENCE.toMillis()
            + " ms by "
            + String.join(", ", new TreeSet<>(missing))
            + ", which will follow");
  }

  private void heard(Talk.Said said) {
    read(said.body())
        .filter(word -> !word.host().equals(hostId))
        .ifPresent(
            word -> {
              switch (word.kind()) {
                case HERE -> {
                  // Whoever is new to us may not know us either.
                  if (others.add(word.host())) {
                    talk.answer(said, write(new Word(hostId, Kind.HERE, "", 0)));
                  }
                }
                case GONE -> others.remove(word.host());
                case LINKS, CONFIG -> {
                  others.add(word.host());
                  work(() -> confirm(word, said));
                }
              }
            });
  }

  private void confirm(Word word, Talk.Said said) throws InterruptedException {
    Deadline deadline = Deadline.in(PATIENCE);
    Deadline patient = Deadline.in(WATCH_FIRST);
    while (known(word) < word.revision()) {
      if (deadline.passed()) {
        LOG.warn("{} {} is not here at revision {} yet", word.kind(), word.key(), word.revision());
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (word.kind() == Kind.LINKS && patient.passed()) {
        state.refresh(word.key());
        patient = Deadline.in(WATCH_FIRST);
      }
    }
    talk.answer(said, write(new Word(hostId, word.kind(), word.key(), known(word))));
  }

  private long known(Word word) {
    return switch (word.kind()) {
      case LINKS -> state.links().revision(word.key());
      case CONFIG -> state.configs().revision(word.key());
      case HERE, GONE -> 0;
    };
  }

  private static byte[] write(Word word) {
    return Json.write(
        Map.of(
            "host", word.host(),
            "kind", word.kind().name().toLowerCase(Locale.ROOT),
            "key", word.key(),
            "revision", word.revision()));
  }

  private static Optional<Word> read(byte[] body) {
    try {
      JsonNode json = Json.tree(body, "wattle.agree");
      Kind kind = Kind.valueOf(json.path("kind").asText("").toUpperCase(Locale.ROOT));
      return Optional.of(
          new Word(
              json.path("host").asText(""),
              kind,
              json.path("key").asText(""),
              json.path("revision").asLong()));
    } catch (LatticeException | IllegalArgumentException e) {
      LOG.debug("skipped on wattle.agree: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void work(Work work) {
    try {
      workers.execute(
          () -> {
            try {
              work.run();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
              LOG.warn("not confirmed: {}", e.getMessage());
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("not confirmed, this host stops");
    }
  }
}
