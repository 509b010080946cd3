package io.wattle.runtime.wasi.sockets;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import jdk.net.ExtendedSocketOptions;

/**
 * An option of a socket by its WIT name.
 *
 * @param toWit what a guest gets for Java's value
 * @param fromWit Java's value for what a guest gives
 */
record SocketOption<T>(
    String name,
    java.net.SocketOption<T> option,
    Function<T, Object> toWit,
    Function<Object, T> fromWit) {

  /** The hop limit of every socket: Java cannot change it. */
  static final Integer HOPS = 64;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** What Linux takes for the times of keep-alive. */
  private static final int MOST_SECONDS = 32_767;

  /** Sizes of buffers. */
  static final List<SocketOption<?>> BUFFERS =
      List.of(
          size("receive-buffer-size", StandardSocketOptions.SO_RCVBUF),
          size("send-buffer-size", StandardSocketOptions.SO_SNDBUF));

  /** All that TCP sockets have. */
  static final List<SocketOption<?>> TCP =
      List.of(
          BUFFERS.get(0),
          BUFFERS.get(1),
          new SocketOption<>(
              "keep-alive-enabled",
              StandardSocketOptions.SO_KEEPALIVE,
              on -> on,
              value -> (Boolean) value),
          time("keep-alive-idle-time", ExtendedSocketOptions.TCP_KEEPIDLE),
          time("keep-alive-interval", ExtendedSocketOptions.TCP_KEEPINTERVAL),
          new SocketOption<>(
              "keep-alive-count",
              ExtendedSocketOptions.TCP_KEEPCOUNT,
              Integer::longValue,
              value -> (int) Math.min((Long) value, 127)));

  private static SocketOption<Integer> size(String name, java.net.SocketOption<Integer> option) {
    return new SocketOption<>(
        name,
        option,
        Integer::longValue,
        value ->
            Long.compareUnsigned((Long) value, 1 << 30) > 0 ? 1 << 30 : ((Long) value).intValue());
  }

  /** Nanoseconds for the guest, seconds for the system: rounded up, so that none becomes 0. */
  private static SocketOption<Integer> time(String name, java.net.SocketOption<Integer> option) {
    return new SocketOption<>(
        name, option, seconds -> seconds * SECOND, value -> seconds((Long) value));
  }

  private static int seconds(long nanos) {
    long whole = Long.divideUnsigned(nanos, SECOND);
    return (int)
        Math.min(MOST_SECONDS, Long.remainderUnsigned(nanos, SECOND) == 0 ? whole : whole + 1);
  }

  Object get(NetworkChannel channel) throws NetworkException {
    try {
      return toWit.apply(channel.getOption(option));
    } catch (IOException e) {
      throw ErrorCode.known(e);
    } catch (UnsupportedOperationException e) {
      throw ErrorCode.NOT_SUPPORTED.failure();
    }
  }

  void set(NetworkChannel channel, Object value) throws NetworkException {
    if (value instanceof Long number && number == 0) {
      throw ErrorCode.INVALID_ARGUMENT.failure();
    }
    try {
      var _ = channel.setOption(option, fromWit.apply(value));
    } catch (IOException e) {
      throw ErrorCode.known(e);
    } catch (UnsupportedOperationException e) {
      throw ErrorCode.NOT_SUPPORTED.failure();
    }
  }

  /** Gives another socket what this one has. */
  void copy(NetworkChannel from, NetworkChannel to) throws IOException {
    var _ = to.setOption(option, from.getOption(option));
  }

  /** Only the value that they have anyway. */
  static void setHops(int hops) throws NetworkException {
    if (hops == 0) {
      throw ErrorCode.INVALID_ARGUMENT.failure();
    }
    if (hops != HOPS) {
      throw ErrorCode.NOT_SUPPORTED.failure();
    }
  }
}
