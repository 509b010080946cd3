package io.wattle.host.link;

import com.fasterxml.jackson.databind.JsonNode;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.control.ControlSubjects;
import io.wattle.lattice.json.Json;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.util.HashSet;
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

  private final LatticeConnection connection;
  private final String hostId;
  private final LatticeState state;
  private final String subject;
  private final String inbox;
  private final Set<String> others = ConcurrentHashMap.newKeySet();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("agree-", 0).factory());
  private final Dispatcher dispatcher;
  private final AtomicInteger beats = new AtomicInteger();

  private Agreement(LatticeConnection connection, String hostId, LatticeState state) {
    this.connection = connection;
    this.hostId = hostId;
    this.state = state;
    this.subject =
        new ControlSubjects(connection.options().controlPrefix(), connection.lattice())
            .of("wattle.agree");
    this.inbox = connection.nats().createInbox();
    this.dispatcher = connection.nats().createDispatcher(this::heard);
  }

  /** Takes part: the others know us when this returns, and we know soon who they are. */
  public static Agreement join(LatticeConnection connection, String hostId, LatticeState state)
      throws InterruptedException {
    Agreement agreement = new Agreement(connection, hostId, state);
    agreement.dispatcher.subscribe(agreement.subject);
    agreement.dispatcher.subscribe(agreement.inbox);
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
    say(new Word(hostId, Kind.HERE, "", 0), inbox);
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
    say(new Word(hostId, Kind.GONE, "", 0), null);
    if (dispatcher.isActive()) {
      connection.nats().closeDispatcher(dispatcher);
    }
    workers.shutdownNow();
  }

  private Optional<String> ask(Word word) throws InterruptedException {
    Set<String> missing = new HashSet<>(others);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    Deadline deadline = Deadline.in(PATIENCE);
    String answers = connection.nats().createInbox();
    Subscription subscription = connection.nats().subscribe(answers);
    try {
      say(word, answers);
      while (!missing.isEmpty() && !deadline.passed()) {
        Message answer = subscription.nextMessage(deadline.left());
        if (answer != null && !answer.isStatusMessage()) {
          read(answer).ifPresent(from -> missing.remove(from.host()));
        }
      }
    } catch (IllegalStateException e) {
      LOG.warn("the other hosts were not asked: {}", e.getMessage());
    } finally {
      if (subscription.isActive()) {
        subscription.unsubscribe();
      }
    }
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

  private void heard(Message message) {
    read(message)
        .filter(word -> !word.host().equals(hostId))
        .ifPresent(
            word -> {
              switch (word.kind()) {
                case HERE -> {
                  // Whoever is new to us may not know us either.
                  if (others.add(word.host()) && message.getReplyTo() != null) {
                    publish(message.getReplyTo(), new Word(hostId, Kind.HERE, "", 0), null);
                  }
                }
                case GONE -> others.remove(word.host());
                case LINKS, CONFIG -> {
                  others.add(word.host());
                  work(() -> confirm(word, message.getReplyTo()));
                }
              }
            });
  }

  private void confirm(Word word, String replyTo) throws InterruptedException {
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
    publish(replyTo, new Word(hostId, word.kind(), word.key(), known(word)), null);
  }

  private long known(Word word) {
    return switch (word.kind()) {
      case LINKS -> state.links().revision(word.key());
      case CONFIG -> state.configs().revision(word.key());
      case HERE, GONE -> 0;
    };
  }

  private void say(Word word, @org.jspecify.annotations.Nullable String replyTo) {
    publish(subject, word, replyTo);
  }

  private void publish(String to, Word word, @org.jspecify.annotations.Nullable String replyTo) {
    byte[] body =
        Json.write(
            Map.of(
                "host", word.host(),
                "kind", word.kind().name().toLowerCase(java.util.Locale.ROOT),
                "key", word.key(),
                "revision", word.revision()));
    try {
      connection.nats().publish(to, replyTo, body);
    } catch (IllegalStateException e) {
      LOG.debug("not said, the connection is lost: {}", word);
    }
  }

  private Optional<Word> read(Message message) {
    try {
      JsonNode json = Json.tree(message.getData(), subject);
      Kind kind = Kind.valueOf(json.path("kind").asText("").toUpperCase(java.util.Locale.ROOT));
      return Optional.of(
          new Word(
              json.path("host").asText(""),
              kind,
              json.path("key").asText(""),
              json.path("revision").asLong()));
    } catch (LatticeException | IllegalArgumentException e) {
      LOG.debug("skipped on {}: {}", subject, e.getMessage());
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
