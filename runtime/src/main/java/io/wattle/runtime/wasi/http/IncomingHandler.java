package io.wattle.runtime.wasi.http;

import io.wattle.runtime.Task;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request to a guest's {@code wasi:http/incoming-handler}. */
public final class IncomingHandler {
  private final Task task;
  private final IncomingRequest request;
  private final ResponseOutparam outparam = new ResponseOutparam();

  /** Makes the exchange; {@link #run} lets the guest handle it. */
  public IncomingHandler(Task task, HttpRequest request) {
    this.task = task;
    this.request = new IncomingRequest(request);
  }

  /**
   * The response: complete as soon as the guest has set it, while it still writes the body. Fails
   * with {@link HttpErrorException} when the guest answered with an error or not at all, with
   * {@link io.wattle.runtime.engine.TrapException} when it was ended before it answered.
   */
  public CompletableFuture<HttpResponse> response() {
    return outparam.response();
  }

  /**
   * Lets a fresh instance handle the request, on this thread, until the guest has returned.
   *
   * @param export the name of the exported incoming-handler
   * @param ended runs once, when the instance is gone: with null, or with what ended it
   */
  public void run(
      ComponentInstances instances, String export, Consumer<? super @Nullable Throwable> ended) {
    Throwable failure = null;
    try (ComponentInstance instance = instances.begin(task)) {
      guarded(instance, export);
    } catch (Throwable t) {
      // Also errors: memory can be short for one guest and suffice for the others.
      failure = t;
      outparam.fail(t);
    } finally {
      request.dropped();
      ended.accept(failure);
    }
  }

  /** The body learns why it ends before the instance that held it is closed. */
  private void guarded(ComponentInstance instance, String export) {
    try {
      var _ = instance.call(export, "handle", request, outparam);
      outparam.returned();
    } catch (Throwable t) {
      outparam.fail(t);
      throw t;
    }
  }

  /** An error for a component without the export. */
  public static HttpErrorException notExported() {
    return new HttpErrorException(
        HttpError.internal("the component does not export wasi:http/incoming-handler"));
  }
}
