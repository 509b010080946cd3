package io.wattle.host.component;

import io.wattle.host.admin.ComponentMetrics;
import io.wattle.host.call.Admission;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.http.HttpCodec;
import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.runtime.Task;
import io.wattle.runtime.engine.TrapException;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.Ticker;
import io.wattle.wit.value.MalformedValueException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs calls of one component's exports: admitted, on the generation of its code that is current
 * when they start, counted, and with the permit given back however they end.
 */
final class Invocations {
  private static final Logger LOG = LoggerFactory.getLogger(Invocations.class);

  private final String id;
  private final Admission admission;
  private final ComponentMetrics metrics;
  private final Supplier<Duration> longest;
  private final Ticker ticker;
  private volatile Generation current;

  /**
   * @param longest how long any invocation may take
   */
  Invocations(
      String id,
      Admission admission,
      ComponentMetrics metrics,
      Supplier<Duration> longest,
      Ticker ticker,
      Generation first) {
    this.id = id;
    this.admission = admission;
    this.metrics = metrics;
    this.longest = longest;
    this.ticker = ticker;
    this.current = first;
  }

  /** New invocations run on {@code next}; the former generation is returned. */
  synchronized Generation swap(Generation next) {
    Generation former = current;
    current = next;
    return former;
  }

  Generation current() {
    return current;
  }

  /** Answers calls of one export. */
  CallHandler handler(ExportedFunction function) {
    return request -> {
      metrics.asked();
      try {
        return switch (function.kind()) {
          case VALUES -> values(function, request, new ValueDecoder(request.parameters()));
          case WATCHER -> values(function, request, watched(request));
          case HTTP -> http(function, request);
        };
      } catch (CallException e) {
        metrics.failed(e.kind());
        throw e;
      } catch (RuntimeException | Error e) { // ours or the JVM's, OutOfMemoryError among them
        LOG.error("{}: an invocation failed", id, e);
        metrics.failed(CallException.Kind.FAILED);
        throw new CallException(CallException.Kind.FAILED, id + ": internal error, see the log", e);
      }
    };
  }

  /** The bucket that was changed is the one that the component reaches by the link's name. */
  private static ValueDecoder watched(CallRequest request) {
    return new ValueDecoder(
        request.parameters(), number -> KeyValueInterfaces.bucket(request.context().linkName()));
  }

  private CallReply values(ExportedFunction function, CallRequest request, ValueDecoder parameters)
      throws CallException, InterruptedException {
    Running running = begin(request);
    try {
      ValueEncoder results = new ValueEncoder();
      running
          .generation
          .linked()
          .call(running.task, function.instance(), function.function(), parameters, results);
      return CallReply.of(results.toBytes());
    } catch (TrapException e) {
      throw Traps.toCaller(id, e);
    } catch (MalformedValueException e) {
      throw new CallException(
          CallException.Kind.MALFORMED, request.target() + ": " + e.getMessage(), e);
    } finally {
      running.end(null);
    }
  }

  private CallReply http(ExportedFunction function, CallRequest request)
      throws CallException, InterruptedException {
    HttpRequest incoming =
        function.wireInstance().equals(HttpCodec.OUTGOING)
            ? HttpCodec.readOutgoing(request).request()
            : HttpCodec.readIncoming(request);
    Running running = begin(request);
    boolean answered = false;
    try {
      HttpResponse response =
          running.generation.linked().handle(running.task, incoming, running::end);
      answered = true;
      return HttpCodec.reply(response);
    } catch (TrapException e) {
      throw Traps.toCaller(id, e);
    } catch (HttpErrorException e) {
      return HttpCodec.reply(e.error());
    } finally {
      if (!answered) {
        running.end(null);
      }
    }
  }

  private Running begin(CallRequest request) throws CallException, InterruptedException {
    Deadline deadline = request.context().deadline().atMost(longest.get());
    Admission.Permit permit = admission.acquire(deadline);
    Generation generation = current;
    while (!generation.enter()) {
      Generation next = current;
      if (next == generation) {
        permit.close();
        throw new CallException(CallException.Kind.LOST, id + " is being stopped");
      }
      generation = next;
    }
    return new Running(
        permit, generation, new Task(id, deadline, request.context().headers()), ticker.nanos());
  }

  /** An invocation under way; ends once. */
  private final class Running {
    private final Admission.Permit permit;
    private final Generation generation;
    private final Task task;
    private final long startedNanos;
    private final AtomicBoolean over = new AtomicBoolean();

    Running(Admission.Permit permit, Generation generation, Task task, long startedNanos) {
      this.permit = permit;
      this.generation = generation;
      this.task = task;
      this.startedNanos = startedNanos;
    }

    void end(@Nullable Throwable cause) {
      if (!over.compareAndSet(false, true)) {
        return;
      }
      if (cause instanceof TrapException trap) {
        metrics.failed(Traps.toCaller(id, trap).kind());
      }
      metrics.ended(ticker.nanos() - startedNanos);
      generation.leave();
      permit.close();
    }
  }
}
