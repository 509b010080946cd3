package io.wattle.host.component;

import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.http.HttpCodec;
import io.wattle.lattice.http.RequestOptions;
import io.wattle.runtime.Task;
import io.wattle.runtime.wasi.http.OutgoingHttp;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code wasi:http/outgoing-handler} over a component's link: {@code wrpc:http} calls (section
 * 6.7). Each request waits on a thread of its own, so that the guest can go on.
 */
final class LinkedHttp implements OutgoingHttp {
  private static final String INSTANCE = "wasi:http/outgoing-handler";

  private final ComponentLinks links;

  LinkedHttp(ComponentLinks links) {
    this.links = links;
  }

  @Override
  public CompletableFuture<HttpResponse> send(Task task, HttpRequest request, Timeouts timeouts) {
    CompletableFuture<HttpResponse> response = new CompletableFuture<>();
    Thread waiting = Thread.ofVirtual().unstarted(() -> call(task, request, timeouts, response));
    var _ =
        response.whenComplete(
            (answer, failure) -> {
              if (response.isCancelled()) {
                waiting.interrupt();
              }
            });
    task.onCancel(waiting::interrupt);
    waiting.start();
    return response;
  }

  private void call(
      Task task, HttpRequest request, Timeouts timeouts, CompletableFuture<HttpResponse> response) {
    try {
      ComponentLinks.Route route = links.route(task, INSTANCE);
      CallRequest call =
          HttpCodec.outgoing(
              route.target(),
              route.context(),
              request,
              Optional.of(
                  new RequestOptions(
                      timeouts.connect(), timeouts.firstByte(), timeouts.betweenBytes())));
      HttpResponse answer = HttpCodec.readReply(call.target(), links.calls().handle(call));
      if (!response.complete(answer)) {
        answer.body().bytes().abort("nobody waits for the response any more");
      }
    } catch (HttpErrorException e) {
      response.completeExceptionally(e);
    } catch (CallException e) {
      response.completeExceptionally(new HttpErrorException(error(e)));
    } catch (InterruptedException e) {
      response.completeExceptionally(
          new HttpErrorException(HttpError.internal("the request was given up")));
    } catch (RuntimeException e) {
      response.completeExceptionally(new HttpErrorException(HttpError.internal(e.toString())));
    }
  }

  private static HttpError error(CallException e) {
    return switch (e.kind()) {
      case TIMEOUT -> HttpError.of(HttpError.Code.HTTP_RESPONSE_TIMEOUT);
      case BUSY -> HttpError.of(HttpError.Code.CONNECTION_LIMIT_REACHED);
      case NOT_FOUND, LOST, TRAPPED, MALFORMED, FAILED ->
          HttpError.internal(String.valueOf(e.getMessage()));
    };
  }
}
