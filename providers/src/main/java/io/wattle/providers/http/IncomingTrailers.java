package io.wattle.providers.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.http.impl.http1.Http1ServerRequest;
import io.wattle.wit.http.Fields;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the trailers of HTTP/1.1 requests, which Vert.x 5.1 parses and shows to nobody
 * (eclipse-vertx/vert.x issue 5253): they go with the request that they belong to. In a
 * connection's pipeline, before what makes Vert.x's requests of Netty's.
 */
final class IncomingTrailers extends ChannelInboundHandlerAdapter {
  private @Nullable Trailed current;

  private IncomingTrailers() {}

  /** A request that may have trailers: its body comes in pieces (RFC 9112, section 7.1.2). */
  private static final class Trailed extends DefaultHttpRequest {
    private @Nullable Fields trailers;

    Trailed(HttpRequest request) {
      super(request.protocolVersion(), request.method(), request.uri(), request.headers());
      setDecoderResult(request.decoderResult());
    }
  }

  /** From now on keeps those of a connection's requests. */
  static void keep(HttpConnection connection) {
    if (connection instanceof Http1ServerConnection http1) {
      ChannelHandlerContext vertx = http1.channelHandlerContext();
      vertx.pipeline().addBefore(vertx.name(), "trailers", new IncomingTrailers());
    }
  }

  /** The trailers of a request whose body was read to its end. */
  static Optional<Fields> of(HttpServerRequest request) {
    return request instanceof Http1ServerRequest http1
            && http1.nettyRequest() instanceof Trailed trailed
        ? Optional.ofNullable(trailed.trailers)
        : Optional.empty();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Object passed = message;
    if (message instanceof HttpRequest request && !(message instanceof LastHttpContent)) {
      current = HttpUtil.isTransferEncodingChunked(request) ? new Trailed(request) : null;
      passed = current == null ? message : current;
    }
    if (message instanceof LastHttpContent last && current != null) {
      if (!last.trailingHeaders().isEmpty()) {
        current.trailers = HttpFields.of(last.trailingHeaders());
      }
      current = null;
    }
    context.fireChannelRead(passed);
  }
}
