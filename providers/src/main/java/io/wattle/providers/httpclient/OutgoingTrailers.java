package io.wattle.providers.httpclient;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientConnection;
import io.wattle.providers.http.HttpFields;
import io.wattle.wit.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Sends the trailers of HTTP/1.1 requests, for which Vert.x 5.1 has no way (eclipse-vertx/vert.x
 * issue 5253): they are put into the last piece of a body on its way out. In a connection's
 * pipeline, whose requests come one after the other.
 */
final class OutgoingTrailers extends ChannelOutboundHandlerAdapter {
  private static final String NAME = "trailers";

  private @Nullable DefaultLastHttpContent next;

  private OutgoingTrailers() {}

  /**
   * Ends a request whose body is sent in pieces. On its event loop.
   *
   * @throws IllegalArgumentException when its connection or one of the fields allows no trailers
   */
  static void end(HttpClientRequest request, Fields trailers) {
    if (!request.isChunked()
        || request.version() != HttpVersion.HTTP_1_1
        || !(request.connection() instanceof HttpClientConnection connection)) {
      throw new IllegalArgumentException("only bodies that are sent in pieces have trailers");
    }
    DefaultLastHttpContent last = new DefaultLastHttpContent();
    for (Fields.Entry line : trailers.entries()) {
      if (!HttpFields.hopByHop(line.name())) {
        last.trailingHeaders().add(line.name(), line.text());
      }
    }
    of(connection.channelHandlerContext()).next = last;
    var _ = request.end();
  }

  private static OutgoingTrailers of(ChannelHandlerContext vertx) {
    ChannelPipeline pipeline = vertx.pipeline();
    if (pipeline.get(NAME) instanceof OutgoingTrailers there) {
      return there;
    }
    OutgoingTrailers added = new OutgoingTrailers();
    pipeline.addBefore(vertx.name(), NAME, added);
    return added;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    Object passed = message;
    if (message instanceof LastHttpContent last && next != null) {
      passed = next.replace(last.content());
      next = null;
    }
    var _ = context.write(passed, promise);
  }
}
