package io.wattle.runtime;

import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.instance.Deadlines;
import io.wattle.runtime.wasi.GuestExit;
import io.wattle.runtime.wasi.http.IncomingHandler;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Invokes a component's instances on guest threads. */
public final class GuestComponent implements LinkedComponent {
  /** How long a guest gets to be stopped after its deadline before its caller gives up on it. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final String TOO_LATE = "the deadline passed";

  private final ComponentInstances instances;
  private final GuestThreads threads;
  private final Optional<String> handler;
  private final Optional<String> command;

  /** Invokes {@code instances}, which are closed with this, on {@code threads}, which are not. */
  public GuestComponent(ComponentInstances instances, GuestThreads threads) {
    this.instances = instances;
    this.threads = threads;
    this.handler = exported(instances.component(), "wasi:http/incoming-handler@0.2.");
    this.command = exported(instances.component(), "wasi:cli/run@0.2.");
  }

  private static Optional<String> exported(Component component, String prefix) {
    return component.exports().stream().filter(name -> name.startsWith(prefix)).findFirst();
  }

  @Override
  public Component component() {
    return instances.component();
  }

  @Override
  public void call(
      Task task, String instance, String function, ValueSource parameters, ValueSink results)
      throws InterruptedException {
    onGuestThread(
        task,
        () -> {
          try (ComponentInstance fresh = instances.begin(task)) {
            fresh.call(instance, function, parameters, results);
            fresh.settle();
          }
          return true;
        });
  }

  /**
   * As above, with plain objects ({@link io.wattle.runtime.host.HostFunction} has the mapping).
   * Handles to resources of the component end with the call, so functions that return them are of
   * no use here.
   *
   * @return the result, null when the function returns nothing
   * @throws IllegalArgumentException when there is no such function, or the arguments do not fit
   */
  public @Nullable Object call(
      Task task, String instance, String function, @Nullable Object... arguments)
      throws InterruptedException {
    return onGuestThread(
            task,
            () -> {
              try (ComponentInstance fresh = instances.begin(task)) {
                Object result = fresh.call(instance, function, arguments);
                fresh.settle();
                return Optional.ofNullable(result);
              }
            })
        .orElse(null);
  }

  @Override
  public HttpResponse handle(
      Task task, HttpRequest request, Consumer<? super @Nullable Throwable> ended)
      throws HttpErrorException, InterruptedException {
    CompletableFuture<HttpResponse> response = begin(task, request, ended);
    try {
      return await(task, response);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpErrorException error) {
        throw error;
      }
      throw unchecked(e);
    }
  }

  /**
   * Like {@link #handle}, for callers that do not wait: event loops. The future fails with what
   * {@link #handle} throws, also when the guest does not stop at its deadline. Who does not want
   * the response any more cancels the task.
   */
  public CompletableFuture<HttpResponse> start(
      Task task, HttpRequest request, Consumer<? super @Nullable Throwable> ended) {
    CompletableFuture<HttpResponse> response;
    try {
      response = begin(task, request, ended);
    } catch (TrapException | RejectedExecutionException e) {
      ended.accept(e);
      return CompletableFuture.failedFuture(e);
    }
    Deadlines.Deadline giveUp =
        threads
            .deadlines()
            .after(
                patience(task),
                () -> {
                  task.cancel(TOO_LATE);
                  response.completeExceptionally(didNotStop());
                });
    var _ = response.whenComplete((answer, failure) -> giveUp.cancel());
    return response;
  }

  private CompletableFuture<HttpResponse> begin(
      Task task, HttpRequest request, Consumer<? super @Nullable Throwable> ended) {
    IncomingHandler exchange = new IncomingHandler(task, request);
    if (handler.isEmpty()) {
      return CompletableFuture.failedFuture(IncomingHandler.notExported());
    }
    threads.execute(() -> exchange.run(instances, handler.get(), ended));
    return exchange.response();
  }

  @Override
  public int run(Task task) throws InterruptedException {
    return onGuestThread(
        task,
        () -> {
          try (ComponentInstance fresh = instances.begin(task)) {
            Object result = fresh.call(command.orElse(""), "run");
            fresh.settle();
            return result instanceof Result outcome && !outcome.isOk() ? 1 : 0;
          } catch (TrapException e) {
            if (e.getCause() instanceof GuestExit exit) {
              return exit.code();
            }
            throw e;
          }
        });
  }

  private <T> T onGuestThread(Task task, Supplier<T> code) throws InterruptedException {
    if (threads.isCurrent()) {
      return code.get();
    }
    try {
      return await(task, CompletableFuture.supplyAsync(code, threads::execute));
    } catch (ExecutionException e) {
      throw unchecked(e);
    }
  }

  /** Waits for what the guest does; whoever stops waiting stops the guest. */
  private static <T> T await(Task task, CompletableFuture<T> outcome)
      throws InterruptedException, ExecutionException {
    try {
      return outcome.get(patience(task), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      task.cancel("its caller was interrupted");
      throw e;
    } catch (TimeoutException e) {
      task.cancel(TOO_LATE);
      throw didNotStop();
    }
  }

  /** How long a caller waits, in nanoseconds. */
  private static long patience(Task task) {
    return Math.clamp(task.deadline().nanosLeft(), 0, Long.MAX_VALUE - GRACE_NANOS) + GRACE_NANOS;
  }

  private static TrapException didNotStop() {
    return new TrapException(
        TrapException.Kind.DEADLINE, "the deadline passed and the guest did not stop");
  }

  private static RuntimeException unchecked(ExecutionException failure) {
    return switch (failure.getCause()) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null, default -> new IllegalStateException(failure);
    };
  }

  @Override
  public void close() {
    instances.close();
  }
}
