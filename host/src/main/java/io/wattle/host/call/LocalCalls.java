package io.wattle.host.call;

import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallFailures;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallPath;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallReports;
import io.wattle.lattice.call.CallRequest;
import io.wattle.wit.io.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls of what is in this process, on the caller's thread, with the meaning they have over the
 * lattice: the callee gets and gives copies, an unexpected failure is a {@link CallException}, and
 * a callee that is past its deadline is interrupted.
 */
final class LocalCalls implements AutoCloseable {
  /** Callees end at their deadline themselves, with a better error; only then it is our turn. */
  private static final Duration GRACE = Duration.ofMillis(250);

  private final CallReports reports;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("call-deadlines").factory());

  LocalCalls(CallReports reports) {
    this.reports = reports;
    long every = GRACE.toMillis();
    var _ =
        timer.scheduleWithFixedDelay(
            () -> running.forEach(Running::check), every, every, TimeUnit.MILLISECONDS);
  }

  CallReply call(CallHandler callee, CallRequest request)
      throws CallException, InterruptedException {
    long started = Ticker.SYSTEM.nanos();
    CallException.@Nullable Kind failure = CallException.Kind.TIMEOUT;
    try {
      CallReply reply = run(callee, request);
      failure = null;
      return reply;
    } catch (CallException e) {
      failure = e.kind();
      throw e;
    } finally {
      reports.ended(
          request.target(), CallPath.IN_PROCESS, 0, Ticker.SYSTEM.nanos() - started, failure);
    }
  }

  private CallReply run(CallHandler callee, CallRequest request)
      throws CallException, InterruptedException {
    if (request.context().deadline().passed()) {
      throw late(request);
    }
    CallRequest copy =
        new CallRequest(
            request.target(), request.context(), request.parameters().clone(), request.async());
    Running call = new Running(Thread.currentThread(), request);
    running.add(call);
    boolean interrupted = false;
    try {
      CallReply reply = callee.handle(copy);
      return new CallReply(reply.results().clone(), reply.async());
    } catch (InterruptedException e) {
      if (call.isLate()) {
        throw late(request);
      }
      interrupted = true;
      throw e;
    } catch (RuntimeException | Error e) {
      throw CallFailures.of(request.target(), e);
    } finally {
      running.remove(call);
      if (call.end() && !interrupted) {
        Thread.interrupted(); // it was meant for the callee, which has ended
      }
    }
  }

  private static CallException late(CallRequest request) {
    return new CallException(
        CallException.Kind.TIMEOUT, request.target() + ": no answer before the deadline passed");
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** A call under way, and who is interrupted when it is late. */
  private static final class Running {
    private final Thread caller;
    private final CallRequest request;
    private boolean late;
    private boolean over;

    Running(Thread caller, CallRequest request) {
      this.caller = caller;
      this.request = request;
    }

    synchronized void check() {
      if (!over && !late && request.context().deadline().nanosLeft() < -GRACE.toNanos()) {
        late = true;
        caller.interrupt();
      }
    }

    synchronized boolean isLate() {
      return late;
    }

    /** No interruption from now on; whether there was one. */
    synchronized boolean end() {
      over = true;
      return late;
    }
  }
}
