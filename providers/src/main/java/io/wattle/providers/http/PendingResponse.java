package io.wattle.providers.http;

import io.wattle.lattice.call.CallException;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/**
 * A response that is still to come.
 *
 * @param response completes on any thread; fails with {@link CallException}, {@link
 *     HttpErrorException} or {@link InterruptedException}
 * @param cancel tells whoever answers that nobody wants the response any more; may come late, and
 *     more than once
 */
public record PendingResponse(CompletableFuture<HttpResponse> response, Runnable cancel) {}
