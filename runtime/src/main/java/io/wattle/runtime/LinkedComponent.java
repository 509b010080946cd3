package io.wattle.runtime;

import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A component with its imports satisfied, ready to be invoked by many threads at once. Every
 * invocation has fresh state. Admission (how many at once) is the caller's business.
 */
public interface LinkedComponent extends AutoCloseable {
  Component component();

  /**
   * Calls an exported function and waits for it. Runs on this thread if it is a guest thread (a
   * component calling another in process), else on a guest thread.
   *
   * @param instance as exported, with version; empty for a function of the world
   * @param parameters where the parameters are read from
   * @param results where the result is written to, once the function has returned
   * @throws io.wattle.runtime.engine.TrapException when it trapped, was stopped or hit a limit
   * @throws InterruptedException when this thread is interrupted; the task is cancelled then
   */
  void call(Task task, String instance, String function, ValueSource parameters, ValueSink results)
      throws InterruptedException;

  /**
   * Calls {@code wasi:http/incoming-handler#handle} on a guest thread and returns as soon as the
   * guest has set the response; the guest goes on to write the body. The instance lives until the
   * body has ended.
   *
   * @param ended runs once when the invocation is over: with null, or with what ended it (also
   *     after the response)
   */
  HttpResponse handle(Task task, HttpRequest request, Consumer<? super @Nullable Throwable> ended)
      throws HttpErrorException, InterruptedException;

  /**
   * Runs {@code wasi:cli/run#run} or, for a world that exports it so, {@code run}.
   *
   * @return the exit code
   */
  int run(Task task) throws InterruptedException;

  /** Stops what runs and gives everything back. */
  @Override
  void close();
}
