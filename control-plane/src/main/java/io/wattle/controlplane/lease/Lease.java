package io.wattle.controlplane.lease;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.kv.Bucket;
import io.wattle.lattice.kv.BucketOptions;
import io.wattle.lattice.kv.Versioned;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to act, which one control plane has at a time: a key in a bucket with a greatest age.
 * It is taken when it is not there, and renewed by a write that expects the revision of the one
 * before. Its holder trusts it for less time than JetStream keeps it, counted from before the write
 * and by two clocks, so that a process which was stopped knows that it may be late. The clocks of
 * NATS servers in a cluster must agree within a second.
 *
 * <p>Safe for many threads.
 */
public final class Lease implements AutoCloseable {
  /** After which JetStream forgets a lease that is not renewed. */
  static final Duration AGE = Duration.ofSeconds(4);

  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  private static final String BUCKET = "WATTLE_LEASES";
  private static final String KEY = "control-plane";
  private static final Duration TRUSTED = AGE.minusSeconds(1);
  private static final Duration RENEW = Duration.ofSeconds(1);
  private static final Duration TRY_AGAIN = Duration.ofMillis(250);
  private static final Duration CLOSING = Duration.ofSeconds(3);

  /**
   * Ours.
   *
   * @param revision of the last write
   * @param untilNanos how long we trust it, by the monotonic clock, which stands still while the
   *     machine is suspended
   * @param until the same by the wall clock
   */
  private record Held(String holder, long term, long revision, long untilNanos, Instant until) {}

  private final Bucket bucket;
  private final InstantSource clock;
  private final Runnable changed;
  private final Thread thread;
  private final Semaphore wake = new Semaphore(0);
  private volatile @Nullable Held held;
  private volatile long othersTerm;

  /** Of the lease of another one, as it was found last. */
  private long lookedTerm;

  private long lookedRevision;

  /** Whether a write of ours was answered or not, the lease it left behind is ours. */
  private String lastHolder = "";

  private volatile boolean closed;

  private Lease(Bucket bucket, InstantSource clock, Runnable changed) {
    this.bucket = bucket;
    this.clock = clock;
    this.changed = changed;
    this.thread = Thread.ofPlatform().name("lease").daemon().unstarted(this::run);
  }

  /**
   * Opens the bucket, makes it when it is not there; {@link #start} must follow.
   *
   * @param changed called after it was taken or lost, on the lease's thread
   * @throws LatticeException when JetStream cannot be used
   */
  public static Lease open(LatticeConnection connection, InstantSource clock, Runnable changed)
      throws InterruptedException {
    return new Lease(
        Bucket.open(connection, BUCKET, BucketOptions.DEFAULT.withMaxAge(AGE)), clock, changed);
  }

  /** Tries to take it once, then goes on with that, or with renewing it. */
  public void start() throws InterruptedException {
    turn();
    thread.start();
  }

  /** Whether it is ours at this moment. */
  public boolean held() {
    Held now = held;
    return now != null
        && System.nanoTime() - now.untilNanos() < 0
        && clock.instant().isBefore(now.until());
  }

  /** The term of whoever is known to hold it and to be alive; 0 when nobody is. */
  public long term() {
    Held now = held;
    return now != null && held() ? now.term() : othersTerm;
  }

  /** Does not wait for the next turn. */
  public void wake() {
    wake.release();
  }

  private void run() {
    while (!closed) {
      try {
        Duration pause = held() ? RENEW : TRY_AGAIN;
        if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
        if (!closed) {
          turn();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void turn() throws InterruptedException {
    boolean before = held != null;
    try {
      Held now = held;
      if (now != null) {
        renew(now);
      } else {
        take();
      }
    } catch (LatticeException e) {
      // Not reached, or too late: what we hold runs out by itself.
      LOG.debug("lease: {}", e.getMessage());
      if (!held()) {
        held = null;
        othersTerm = 0;
      }
    } catch (RuntimeException e) {
      LOG.error("lease: a turn failed; the next one comes", e);
    }
    boolean after = held != null;
    if (before != after) {
      LOG.info(after ? "this control plane leads" : "this control plane does not lead any more");
      changed.run();
    }
  }

  private void renew(Held now) throws InterruptedException {
    Held next = write(now.holder(), now.term(), now.revision());
    if (next == null) {
      lost();
    } else {
      held = next;
    }
  }

  private void lost() {
    held = null;
    othersTerm = 0;
  }

  private void take() throws InterruptedException {
    Optional<Versioned<byte[]>> there = bucket.get(KEY);
    if (there.isPresent()) {
      LeaseRecord found = Json.read(there.get().value(), LeaseRecord.class, "the lease");
      long revision = there.get().revision();
      if (found.holder().equals(lastHolder)) {
        held = write(lastHolder, found.term() == 0 ? revision : found.term(), revision);
      } else {
        look(found.term(), revision);
      }
      return;
    }
    othersTerm = 0;
    String holder = UUID.randomUUID().toString();
    lastHolder = holder;
    OptionalLong created = bucket.create(KEY, Json.write(new LeaseRecord(holder, 0)));
    if (created.isPresent()) {
      // The revision is the term: revisions of a bucket only grow.
      held = write(holder, created.getAsLong(), created.getAsLong());
    }
  }

  /**
   * Believes in another holder once it has been seen to renew: what we find first may have been
   * left behind by one that is dead.
   */
  private void look(long term, long revision) {
    if (term != lookedTerm) {
      lookedTerm = term;
      lookedRevision = revision;
      othersTerm = 0;
    } else if (revision != lookedRevision) {
      lookedRevision = revision;
      othersTerm = term;
    }
  }

  /** Writes what we hold if nobody else wrote; null when somebody did, or it was forgotten. */
  private @Nullable Held write(String holder, long term, long expected)
      throws InterruptedException {
    long nanos = System.nanoTime();
    Instant now = clock.instant();
    OptionalLong revision = bucket.update(KEY, Json.write(new LeaseRecord(holder, term)), expected);
    return revision.isPresent()
        ? new Held(holder, term, revision.getAsLong(), nanos + TRUSTED.toNanos(), now.plus(TRUSTED))
        : null;
  }

  /** Gives it up, so that another one need not wait. */
  @Override
  public void close() {
    closed = true;
    wake.release();
    try {
      thread.join(CLOSING);
      Held last = held;
      held = null;
      if (last != null) {
        bucket.delete(KEY, last.revision());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.debug("lease: not given up: {}", e.getMessage());
    }
  }
}
