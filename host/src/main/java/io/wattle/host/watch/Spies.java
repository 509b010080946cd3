package io.wattle.host.watch;

import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.watch.SpiedCall;
import io.wattle.lattice.watch.SpyLease;
import io.wattle.wit.io.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Notes the calls of components and providers that somebody watches. While nobody does, a call
 * costs one look at an empty map. A call never waits for a watcher: when there are too many at once
 * some are left out and counted.
 */
public final class Spies {
  private static final int QUEUE = 1024;

  /** Longer values are told by their length only: the copy must fit into a message. */
  private static final int MAX_BYTES = 64 * 1024;

  private final String host;
  private final Ticker ticker;
  private final InstantSource clock;
  private final Map<String, Long> leases = new ConcurrentHashMap<>();
  private final BlockingQueue<Noted> noted = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong missed = new AtomicLong();

  /** How a call went from one to the other. */
  public enum Path {
    /** Both are here. */
    IN_PROCESS("in-process"),
    /** Over NATS, and the caller is here. */
    OUT("lattice"),
    /** Over NATS, and the callee is here. */
    IN("lattice");

    private final String text;

    Path(String text) {
      this.text = text;
    }
  }

  /**
   * A call to be told.
   *
   * @param id of whom it is told
   */
  record Noted(String id, SpiedCall call) {}

  public Spies(String host, Ticker ticker, InstantSource clock) {
    this.host = host;
    this.ticker = ticker;
    this.clock = clock;
  }

  /** Somebody watches, or does so no more. */
  public void lease(SpyLease lease) {
    if (lease.millis() == 0) {
      leases.remove(lease.id());
    } else {
      leases.put(lease.id(), ticker.nanos() + TimeUnit.MILLISECONDS.toNanos(lease.millis()));
    }
  }

  /** Lets {@code handler} answer, and notes it if somebody watches the caller or the callee. */
  public CallReply call(Path path, CallRequest request, CallHandler handler)
      throws CallException, InterruptedException {
    if (leases.isEmpty()) {
      return handler.handle(request);
    }
    boolean out = path != Path.IN && watched(request.context().sourceId());
    boolean in = path != Path.OUT && watched(request.target().id());
    if (!out && !in) {
      return handler.handle(request);
    }
    long began = ticker.nanos();
    Instant time = clock.instant();
    CallReply reply = null;
    String error = "interrupted";
    try {
      reply = handler.handle(request);
      return reply;
    } catch (CallException e) {
      error = String.valueOf(e.getMessage());
      throw e;
    } catch (RuntimeException | Error e) {
      error = e.toString();
      throw e;
    } finally {
      SpiedCall call = call(path, request, reply, error, time, (ticker.nanos() - began) / 1000);
      if (out) {
        note(request.context().sourceId(), call);
      }
      if (in) {
        note(request.target().id(), call);
      }
    }
  }

  /** The next call to be told, if there is one in time. */
  Optional<Noted> next(long millis) throws InterruptedException {
    return Optional.ofNullable(noted.poll(millis, TimeUnit.MILLISECONDS));
  }

  private boolean watched(String id) {
    Long until = leases.get(id);
    if (until == null) {
      return false;
    }
    if (until - ticker.nanos() > 0) {
      return true;
    }
    leases.remove(id, until);
    return false;
  }

  private void note(String id, SpiedCall call) {
    if (!noted.offer(new Noted(id, call))) {
      var _ = missed.addAndGet(call.missed() + 1);
    }
  }

  private SpiedCall call(
      Path path,
      CallRequest request,
      @Nullable CallReply reply,
      String error,
      Instant time,
      long micros) {
    byte[] parameters = request.parameters();
    byte[] results = reply == null ? new byte[0] : reply.results();
    return new SpiedCall(
        time,
        micros,
        host,
        path.text,
        request.context().sourceId(),
        request.target().id(),
        request.context().linkName(),
        request.target().instance(),
        request.target().function(),
        parameters.length > MAX_BYTES ? null : parameters,
        parameters.length,
        reply == null || results.length > MAX_BYTES ? null : results,
        results.length,
        reply == null ? error : null,
        missed.getAndSet(0));
  }
}
