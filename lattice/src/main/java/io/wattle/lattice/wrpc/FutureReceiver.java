package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;

/** A future's value: whatever comes up to the empty message. */
final class FutureReceiver implements PathReceiver {
  private static final int LARGEST = 16 * 1024 * 1024;

  private final Wire wire;
  private final CompletableFuture<byte[]> value = new CompletableFuture<>();
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream(16);

  FutureReceiver(Wire wire) {
    this.wire = wire;
  }

  @Override
  public void message(Message message) {
    byte[] data = message.getData();
    if (data.length > 0) {
      parts.write(data, 0, data.length);
      if (parts.size() > LARGEST) {
        fail("a future of more than " + LARGEST + " bytes");
      }
      return;
    }
    if (parts.size() > 0) {
      value.complete(parts.toByteArray());
    } else {
      fail(
          wire.error(message)
              .map(e -> String.valueOf(e.getMessage()))
              .orElse("the sender gave up"));
    }
  }

  @Override
  public void fail(String reason) {
    value.completeExceptionally(new CallException(CallException.Kind.LOST, reason));
  }

  @Override
  public boolean over() {
    return value.isDone();
  }

  @Override
  public boolean ended() {
    return over();
  }

  @Override
  public AsyncValue value() {
    return new AsyncValue.Future(value);
  }
}
