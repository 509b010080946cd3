package io.wattle.providers.httpclient;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.http.HttpCodec;
import io.wattle.lattice.http.RequestOptions;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpOrigin;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests of linked components to the outside ({@code wasi:http/outgoing-handler}). What
 * wasmCloud's provider can be told of (lattice reference, section 7.8): {@code ssl_certs_file},
 * authorities to trust; the others are about where the roots of Rust's library come from.
 */
final class HttpClientProvider implements Provider {
  private static final String INTERFACE = "wasi:http/outgoing-handler";
  private static final List<String> TRACE = List.of("traceparent", "tracestate");
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final RequestOptions NO_OPTIONS =
      new RequestOptions(Optional.empty(), Optional.empty(), Optional.empty());

  private final ProviderContext context;
  private final OutgoingClient client;
  private final Map<ProviderLink.Key, Linked> links = new ConcurrentHashMap<>();
  private volatile Map<String, String> config;

  /** A link, and where its requests may go. */
  private record Linked(ProviderLink link, AllowedHosts allowed) {
    boolean isOf(CallContext caller) {
      return link.sourceId().equals(caller.sourceId())
          && link.carries(caller.linkName(), INTERFACE);
    }
  }

  HttpClientProvider(ProviderContext context) throws LinkException {
    this.context = context;
    this.config = context.config();
    this.client = OutgoingClient.open(trusted(context.config()).or(SystemTrust::file));
    Gauge.builder("wattle.http.client.exchanges", client, OutgoingClient::running)
        .description("requests to the outside under way")
        .tag("provider", context.providerId())
        .register(context.metrics());
  }

  private static Optional<Path> trusted(Map<String, String> config) throws LinkException {
    Optional<Path> file = Optional.ofNullable(config.get("ssl_certs_file")).map(Path::of);
    if (file.isPresent() && !Files.isReadable(file.get())) {
      throw new LinkException(
          "ssl_certs_file: " + file.get() + " cannot be read (expected: a PEM file on this host)");
    }
    return file;
  }

  @Override
  public List<ProviderExport> exports() {
    return List.of(
        new ProviderExport(
            HttpCodec.OUTGOING,
            HttpCodec.HANDLE,
            List.of(
                new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(0, 0)),
                new AsyncShape(AsyncShape.Kind.FUTURE, List.of(0, 1))),
            this::handle));
  }

  private CallReply handle(CallRequest call) throws CallException, InterruptedException {
    CallContext caller = call.context();
    HttpCodec.Outgoing outgoing = HttpCodec.readOutgoing(call);
    Linked linked =
        links.values().stream()
            .filter(candidate -> candidate.isOf(caller))
            .findFirst()
            .orElseThrow(() -> Provider.notLinked(INTERFACE, caller.sourceId()));
    Optional<HttpError> refused = refusal(outgoing.request(), linked.allowed());
    if (refused.isPresent()) {
      count(refused.get().code().wit());
      outgoing.request().body().bytes().abort("the request is refused");
      return HttpCodec.reply(refused.get());
    }
    CompletableFuture<HttpResponse> response =
        client.send(
            traced(outgoing.request(), caller.headers()),
            outgoing.options().orElse(NO_OPTIONS),
            caller.deadline());
    try {
      // The client keeps the deadline, unless it is closed.
      HttpResponse answer =
          response.get(caller.deadline().left().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
      count(answer.status() / 100 + "xx");
      return HttpCodec.reply(answer);
    } catch (InterruptedException e) {
      response.cancel(true);
      throw e;
    } catch (TimeoutException e) {
      response.cancel(true);
      return HttpCodec.reply(HttpError.of(HttpError.Code.HTTP_RESPONSE_TIMEOUT));
    } catch (ExecutionException e) {
      HttpError error =
          e.getCause() instanceof HttpErrorException known
              ? known.error()
              : HttpError.internal(String.valueOf(e.getCause()));
      count(error.code().wit());
      return HttpCodec.reply(error);
    }
  }

  private static Optional<HttpError> refusal(HttpRequest request, AllowedHosts allowed) {
    try {
      return allowed.allows(HttpOrigin.of(request))
          ? Optional.empty()
          : Optional.of(HttpError.of(HttpError.Code.HTTP_REQUEST_DENIED));
    } catch (HttpErrorException e) {
      return Optional.of(e.error());
    }
  }

  /** With the trace of the call, unless the component says its own. */
  private static HttpRequest traced(HttpRequest request, Map<String, String> headers) {
    List<Fields.Entry> lines = new ArrayList<>(request.headers().entries());
    for (String name : TRACE) {
      String value = headers.get(name);
      if (value != null && lines.stream().noneMatch(line -> line.name().equalsIgnoreCase(name))) {
        lines.add(Fields.Entry.of(name, value));
      }
    }
    return new HttpRequest(
        request.method(),
        request.pathWithQuery(),
        request.scheme(),
        request.authority(),
        new Fields(lines),
        request.body());
  }

  private void count(String outcome) {
    Counter.builder("wattle.http.client.requests")
        .description("requests to the outside, by status class or error code")
        .tag("provider", context.providerId())
        .tag("outcome", outcome)
        .register(context.metrics())
        .increment();
  }

  @Override
  public void putLink(ProviderLink link) throws LinkException {
    if (!link.target().equals(context.providerId())) {
      throw new LinkException(
          "link to " + link.target() + ": http-client can only be a link's target");
    }
    Map<String, String> settings = new HashMap<>(config);
    settings.putAll(link.targetConfig());
    links.put(link.key(), new Linked(link, AllowedHosts.of(settings)));
  }

  @Override
  public void deleteLink(ProviderLink.Key key) {
    links.remove(key);
  }

  @Override
  public void updateConfig(Map<String, String> update) {
    config = Map.copyOf(update); // for new links; whom it trusts is read when it starts
  }

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  public void close() {
    client.drain(context.drainTimeout());
    client.close();
  }
}
