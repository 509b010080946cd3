package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The host's side of the resource {@code wasi:http/types.outgoing-request}. */
final class OutgoingRequest {
  private final HttpFields headers;
  private String method = "GET";
  private Optional<String> pathWithQuery = Optional.empty();
  private Optional<String> scheme = Optional.empty();
  private Optional<String> authority = Optional.empty();
  private @Nullable OutgoingBody body;
  private boolean sent;

  OutgoingRequest(HttpFields headers) {
    this.headers = headers;
  }

  HttpFields headers() {
    return headers.copy(false);
  }

  Variant method() {
    return Names.method(method);
  }

  Result setMethod(Variant value) {
    String name = Names.method(value);
    if (!Syntax.token(name)) {
      return Result.err(null);
    }
    method = name;
    return Result.OK;
  }

  Optional<String> pathWithQuery() {
    return pathWithQuery;
  }

  Result setPathWithQuery(Optional<String> value) {
    if (value.isPresent() && !Syntax.target(value.get())) {
      return Result.err(null);
    }
    pathWithQuery = value;
    return Result.OK;
  }

  Optional<Variant> scheme() {
    return scheme.map(Names::scheme);
  }

  Result setScheme(Optional<Variant> value) {
    Optional<String> name = value.map(Names::scheme);
    if (name.isPresent() && !Syntax.scheme(name.get())) {
      return Result.err(null);
    }
    scheme = name;
    return Result.OK;
  }

  Optional<String> authority() {
    return authority;
  }

  Result setAuthority(Optional<String> value) {
    if (value.isPresent() && !Syntax.authority(value.get())) {
      return Result.err(null);
    }
    authority = value;
    return Result.OK;
  }

  /** {@code body}: once. */
  Result body(HostCall call) {
    ContentLength length = ContentLength.of(headers);
    if (body != null || length.malformed()) {
      return Result.err(null);
    }
    OutgoingBody made = new OutgoingBody(HttpError.Code.HTTP_REQUEST_BODY_SIZE, length.bytes());
    body = made;
    OpenBodies.of(call).add(made);
    return Result.ok(made);
  }

  /** As it is sent; a guest that never asked for the body sends none. */
  HttpRequest send() {
    sent = true;
    OutgoingBody given = body;
    return new HttpRequest(
        method,
        pathWithQuery,
        scheme,
        authority,
        headers.send(),
        given == null ? HttpBody.empty() : given.body());
  }

  void dropped() {
    headers.dropped();
    OutgoingBody given = body;
    if (!sent && given != null) {
      given.abandon("the component dropped the request without sending it");
    }
  }
}
