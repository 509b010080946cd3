package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.host.Cases;
import io.wattle.runtime.host.HostInterface;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The functions of {@code wasi:sockets/udp}. */
final class UdpFunctions {
  private UdpFunctions() {}

  /** What a function does with the socket it is called on. */
  @FunctionalInterface
  private interface Operation {
    @Nullable Object on(UdpSocket socket, Object[] arguments) throws NetworkException;
  }

  @FunctionalInterface
  private interface Action {
    void on(UdpSocket socket, Object[] arguments) throws NetworkException;
  }

  static HostInterface socket() {
    HostInterface.Builder udp =
        HostInterface.named("wasi:sockets/udp@0.2.0")
            .resource("udp-socket", object -> ((UdpSocket) object).drop())
            .function(
                "[method]udp-socket.address-family",
                (call, args) -> Cases.number(((UdpSocket) args[0]).family()))
            .function(
                "[method]udp-socket.subscribe",
                (call, args) -> io.wattle.runtime.wasi.io.Pollable.ALWAYS);
    act(udp, "start-bind", (socket, args) -> socket.startBind(Addresses.read(args[2])));
    act(udp, "finish-bind", (socket, args) -> socket.finishBind());
    method(udp, "stream", (socket, args) -> socket.stream(address((Optional<?>) args[1])));
    method(udp, "local-address", (socket, args) -> Addresses.write(socket.local()));
    method(udp, "remote-address", (socket, args) -> Addresses.write(socket.remote()));
    for (SocketOption<?> option : SocketOption.BUFFERS) {
      method(udp, option.name(), (socket, args) -> option.get(socket.channel()));
      act(udp, "set-" + option.name(), (socket, args) -> option.set(socket.channel(), args[1]));
    }
    method(udp, "unicast-hop-limit", (socket, args) -> SocketOption.HOPS);
    act(udp, "set-unicast-hop-limit", (socket, args) -> SocketOption.setHops((Integer) args[1]));
    streams(udp);
    return udp.build();
  }

  private static void streams(HostInterface.Builder udp) {
    udp.resource("incoming-datagram-stream", stream -> ((UdpSocket.Incoming) stream).drop())
        .function(
            "[method]incoming-datagram-stream.receive",
            (call, args) ->
                SocketInterfaces.result(
                    () -> written(((UdpSocket.Incoming) args[0]).receive((Long) args[1]))))
        .function(
            "[method]incoming-datagram-stream.subscribe",
            (call, args) -> ((UdpSocket.Incoming) args[0]).ready())
        .resource("outgoing-datagram-stream", stream -> ((UdpSocket.Outgoing) stream).drop())
        .function(
            "[method]outgoing-datagram-stream.check-send",
            (call, args) ->
                SocketInterfaces.result(() -> ((UdpSocket.Outgoing) args[0]).checkSend()))
        .function(
            "[method]outgoing-datagram-stream.send",
            (call, args) ->
                SocketInterfaces.result(
                    () -> ((UdpSocket.Outgoing) args[0]).send(read((List<?>) args[1]))))
        .function(
            "[method]outgoing-datagram-stream.subscribe",
            (call, args) -> ((UdpSocket.Outgoing) args[0]).ready());
  }

  private static List<Object> written(List<UdpSocket.Datagram> datagrams) {
    List<Object> written = new ArrayList<>();
    for (UdpSocket.Datagram datagram : datagrams) {
      written.add(new Object[] {datagram.data(), Addresses.write(datagram.remote())});
    }
    return written;
  }

  private static List<UdpSocket.Addressed> read(List<?> datagrams) throws NetworkException {
    List<UdpSocket.Addressed> read = new ArrayList<>();
    for (Object datagram : datagrams) {
      Object[] fields = (Object[]) datagram;
      read.add(new UdpSocket.Addressed((byte[]) fields[0], address((Optional<?>) fields[1])));
    }
    return read;
  }

  private static Optional<InetSocketAddress> address(Optional<?> address) throws NetworkException {
    return address.isEmpty() ? Optional.empty() : Optional.of(Addresses.read(address.get()));
  }

  private static void method(HostInterface.Builder udp, String name, Operation operation) {
    udp.function(
        "[method]udp-socket." + name,
        (call, args) -> SocketInterfaces.result(() -> operation.on((UdpSocket) args[0], args)));
  }

  private static void act(HostInterface.Builder udp, String name, Action action) {
    method(
        udp,
        name,
        (socket, args) -> {
          action.on(socket, args);
          return null;
        });
  }
}
