package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.AsyncValue;

/** Takes what comes on the path of one stream or future, without waiting. */
sealed interface PathReceiver permits ByteStreamReceiver, FutureReceiver {

  /** A receiver for what a shape says is there. */
  static PathReceiver of(AsyncShape shape, Wire wire) {
    return switch (shape.kind()) {
      case BYTE_STREAM -> new ByteStreamReceiver(wire);
      case FUTURE -> new FutureReceiver(wire);
    };
  }

  void message(Message message);

  /** The sender is lost. */
  void fail(String reason);

  /** Whether everything came, or nobody wants it. */
  boolean over();

  /** Whether the sender has nothing more to send; some of it may wait to be read. */
  boolean ended();

  /** What the reader reads. */
  AsyncValue value();
}
