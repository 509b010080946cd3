package io.wattle.providers.keyvalue;

import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueEntry;
import io.wattle.lattice.keyvalue.KeyValueException;
import io.wattle.lattice.keyvalue.KeyValueStore.Keys;
import io.wattle.wit.io.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * One JetStream key-value bucket as a store sees it. Counters are decimal text, as wasmCloud's
 * provider writes them.
 */
final class Bucket {
  private static final int PAGE = 1000;
  private static final int WRONG_LAST_SEQUENCE = 10071;

  /** The same from a clustered stream while another write to the key is on its way. */
  private static final int WRONG_LAST_SEQUENCE_IN_CLUSTER = 10164;

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long an election of a leader may take. */
  private static final Duration WITHOUT_LEADER = Duration.ofSeconds(15);

  private final KeyValue kv;
  private final Counters counters;
  private final Runnable onRetry;
  private final RandomGenerator random;

  Bucket(KeyValue kv, Executor workers, RandomGenerator random, Runnable onRetry) {
    this.kv = kv;
    this.random = random;
    this.onRetry = onRetry;
    this.counters = new Counters(this::add, workers);
  }

  Optional<byte[]> get(Deadline deadline, String key)
      throws KeyValueException, InterruptedException {
    return guarded(key, deadline, () -> Optional.ofNullable(kv.get(key)).map(Bucket::value));
  }

  void set(Deadline deadline, String key, byte[] value)
      throws KeyValueException, InterruptedException {
    var _ = guarded(key, deadline, () -> kv.put(key, value));
  }

  void delete(Deadline deadline, String key) throws KeyValueException, InterruptedException {
    var _ =
        guarded(
            key,
            deadline,
            () -> {
              if (kv.get(key) != null) {
                kv.delete(key);
              }
              return key;
            });
  }

  Keys keys(OptionalLong cursor) throws KeyValueException, InterruptedException {
    try {
      List<String> all = kv.keys().stream().sorted().toList();
      long from = cursor.orElse(0);
      List<String> page = all.stream().skip(from).limit(PAGE).toList();
      long next = from + page.size();
      return new Keys(page, next < all.size() ? OptionalLong.of(next) : OptionalLong.empty());
    } catch (IOException | JetStreamApiException e) {
      throw failed("list the keys", e);
    }
  }

  long increment(String key, long delta, Deadline deadline)
      throws KeyValueException, InterruptedException {
    check(key);
    try {
      return counters.increment(key, delta, deadline);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof NotANumber wrong
          ? KeyValueException.other(String.valueOf(wrong.getMessage()))
          : failed("increment " + key, e.getCause() == null ? e : e.getCause());
    } catch (IOException | TimeoutException e) {
      throw failed("increment " + key, e);
    }
  }

  /**
   * Compare-and-set until it holds; the pause between tries grows and is random, and the deadline
   * bounds it all.
   */
  private long add(String key, long delta, Deadline deadline)
      throws IOException, JetStreamApiException, InterruptedException, TimeoutException {
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      KeyValueEntry entry = kv.get(key);
      long now = plus(key, entry == null ? 0 : number(key, entry), delta);
      byte[] text = Long.toUnsignedString(now).getBytes(StandardCharsets.US_ASCII);
      try {
        if (entry == null) {
          kv.create(key, text);
        } else {
          kv.update(key, text, entry.getRevision());
        }
        return now;
      } catch (JetStreamApiException e) {
        if (e.getApiErrorCode() != WRONG_LAST_SEQUENCE
            && e.getApiErrorCode() != WRONG_LAST_SEQUENCE_IN_CLUSTER) {
          throw e;
        }
        if (deadline.nanosLeft() <= pause) {
          throw new TimeoutException("too many writers of " + key + " at once");
        }
      } catch (IOException e) {
        if (!isUnaccepted(e) || deadline.nanosLeft() <= pause) {
          throw e;
        }
      }
      pause = rest(pause);
    }
  }

  /**
   * Whether JetStream had nobody to take the request, as while a stream has no leader: nothing was
   * done. Any other failure of the way leaves the outcome open.
   */
  private static boolean isUnaccepted(IOException e) {
    return String.valueOf(e.getMessage()).contains("503");
  }

  /** Waits; how long to wait the next time. */
  private long rest(long pause) throws InterruptedException {
    onRetry.run();
    LockSupport.parkNanos(random.nextLong(pause) + pause / 2);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return Math.min(2 * pause, LONGEST_PAUSE_NANOS);
  }

  private static long plus(String key, long value, long delta) {
    long sum = value + delta;
    if (Long.compareUnsigned(sum, value) < 0) {
      throw new NotANumber("increment of " + key + ": the sum is over 64 bits");
    }
    return sum;
  }

  private static long number(String key, KeyValueEntry entry) {
    String text = new String(value(entry), StandardCharsets.UTF_8);
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
      throw new NotANumber(
          "increment of " + key + ": its value is \"" + shown + "\" (expected: a decimal number)");
    }
  }

  static byte[] value(KeyValueEntry entry) {
    byte[] value = entry.getValue();
    return value == null ? new byte[0] : value;
  }

  /** A value that is no counter: the caller's error, not ours. */
  private static final class NotANumber extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NotANumber(String message) {
      super(message);
    }
  }

  private interface Action<T> {
    T run() throws IOException, JetStreamApiException;
  }

  private <T> T guarded(String key, Deadline deadline, Action<T> action)
      throws KeyValueException, InterruptedException {
    check(key);
    Deadline until = deadline.atMost(WITHOUT_LEADER);
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      try {
        return action.run();
      } catch (IOException e) {
        if (!isUnaccepted(e) || until.nanosLeft() <= pause) {
          throw failed("reach " + key, e);
        }
      } catch (JetStreamApiException e) {
        throw failed("reach " + key, e);
      }
      pause = rest(pause);
    }
  }

  private static void check(String key) throws KeyValueException {
    boolean legal =
        !key.isEmpty()
            && key.chars().allMatch(Bucket::legal)
            && !key.startsWith(".")
            && !key.endsWith(".")
            && !key.contains("..");
    if (!legal) {
      throw KeyValueException.other(
          "key \"" + key + "\" (expected: letters, digits and -/_=. with no . at an end or twice)");
    }
  }

  private static boolean legal(int c) {
    return c < 128 && (Character.isLetterOrDigit(c) || "-/_=.".indexOf(c) >= 0);
  }

  private KeyValueException failed(String what, Throwable cause) {
    return KeyValueException.other(
        "cannot " + what + " in bucket " + kv.getBucketName() + ": " + cause.getMessage());
  }
}
