package io.wattle.providers.http;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.http.HttpCodec;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.Deadline;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The way from a request to the component a link names. */
record LinkRoute(ProviderContext provider, ProviderLink link, HttpSettings settings)
    implements Route {
  private static final Set<String> TRACE_HEADERS = Set.of("traceparent", "tracestate");

  @Override
  public String target() {
    return link.target();
  }

  @Override
  public PendingResponse begin(HttpRequest request, Exchanges threads) {
    return threads.blocking(this::call, request);
  }

  private HttpResponse call(HttpRequest request)
      throws CallException, HttpErrorException, InterruptedException {
    CallRequest call = HttpCodec.incoming(link.target(), context(request), request);
    CallReply reply = provider.calls().handle(call);
    return HttpCodec.readReply(call.target(), reply);
  }

  private CallContext context(HttpRequest request) {
    Map<String, String> headers = new HashMap<>();
    for (Fields.Entry line : request.headers().entries()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      if (TRACE_HEADERS.contains(name)) {
        headers.put(name, line.text());
      }
    }
    return new CallContext(
        provider.providerId(),
        link.name(),
        Deadline.in(settings.timeout().orElse(provider.invocationTimeout())),
        headers);
  }
}
