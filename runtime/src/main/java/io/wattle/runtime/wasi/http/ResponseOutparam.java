package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The host's side of the resource {@code wasi:http/types.response-outparam}. */
final class ResponseOutparam {
  private final CompletableFuture<HttpResponse> response = new CompletableFuture<>();
  private volatile @Nullable OutgoingResponse sent;

  /** The response as soon as the guest has set it, or fails with {@link HttpErrorException}. */
  CompletableFuture<HttpResponse> response() {
    return response;
  }

  /** {@code set}. */
  void set(Result outcome) {
    if (outcome.payload() instanceof OutgoingResponse given) {
      sent = given;
      response.complete(given.send());
    } else if (outcome.payload() instanceof Variant error) {
      response.completeExceptionally(new HttpErrorException(HttpErrors.fromWit(error)));
    }
  }

  /** The guest has returned: if it has not answered by now, it never will. */
  void returned() {
    if (!response.isDone()) {
      response.completeExceptionally(
          new HttpErrorException(
              HttpError.internal("the component returned without setting a response")));
    }
  }

  /** The guest ended with a failure: there is no response, or its body is cut off. */
  void fail(Throwable failure) {
    response.completeExceptionally(failure);
    OutgoingResponse given = sent;
    if (given != null) {
      given.abandon(String.valueOf(failure.getMessage()));
    }
  }
}
