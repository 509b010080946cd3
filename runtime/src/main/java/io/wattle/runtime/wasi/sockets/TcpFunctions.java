package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.host.Cases;
import io.wattle.runtime.host.HostInterface;
import org.jspecify.annotations.Nullable;

/** The functions of {@code wasi:sockets/tcp}. */
final class TcpFunctions {
  private static final int RECEIVE = 0;
  private static final int SEND = 1;

  private TcpFunctions() {}

  /** What a function does with the socket it is called on. */
  @FunctionalInterface
  private interface Operation {
    @Nullable Object on(TcpSocket socket, Object[] arguments) throws NetworkException;
  }

  @FunctionalInterface
  private interface Action {
    void on(TcpSocket socket, Object[] arguments) throws NetworkException;
  }

  static HostInterface socket() {
    HostInterface.Builder tcp =
        HostInterface.named("wasi:sockets/tcp@0.2.0")
            .resource("tcp-socket", object -> ((TcpSocket) object).drop())
            .function(
                "[method]tcp-socket.is-listening",
                (call, args) -> ((TcpSocket) args[0]).isListening())
            .function(
                "[method]tcp-socket.address-family",
                (call, args) -> Cases.number(((TcpSocket) args[0]).family()))
            .function(
                "[method]tcp-socket.subscribe", (call, args) -> ((TcpSocket) args[0]).ready());
    act(tcp, "start-bind", (socket, args) -> socket.startBind(Addresses.read(args[2])));
    act(tcp, "finish-bind", (socket, args) -> socket.finishBind());
    act(tcp, "start-connect", (socket, args) -> socket.startConnect(Addresses.read(args[2])));
    method(tcp, "finish-connect", (socket, args) -> socket.finishConnect());
    act(tcp, "start-listen", (socket, args) -> socket.startListen());
    act(tcp, "finish-listen", (socket, args) -> socket.finishListen());
    method(tcp, "accept", (socket, args) -> socket.accept());
    method(tcp, "local-address", (socket, args) -> Addresses.write(socket.local()));
    method(tcp, "remote-address", (socket, args) -> Addresses.write(socket.remote()));
    act(tcp, "set-listen-backlog-size", (socket, args) -> socket.setBacklog((Long) args[1]));
    act(
        tcp,
        "shutdown",
        (socket, args) -> {
          int which = (Integer) args[1];
          socket.shutdown(which != SEND, which != RECEIVE);
        });
    options(tcp);
    return tcp.build();
  }

  private static void options(HostInterface.Builder tcp) {
    for (SocketOption<?> option : SocketOption.TCP) {
      method(tcp, option.name(), (socket, args) -> option.get(socket.options()));
      act(tcp, "set-" + option.name(), (socket, args) -> socket.set(option, args[1]));
    }
    method(tcp, "hop-limit", (socket, args) -> SocketOption.HOPS);
    act(tcp, "set-hop-limit", (socket, args) -> SocketOption.setHops((Integer) args[1]));
  }

  private static void method(HostInterface.Builder tcp, String name, Operation operation) {
    tcp.function(
        "[method]tcp-socket." + name,
        (call, args) -> SocketInterfaces.result(() -> operation.on((TcpSocket) args[0], args)));
  }

  private static void act(HostInterface.Builder tcp, String name, Action action) {
    method(
        tcp,
        name,
        (socket, args) -> {
          action.on(socket, args);
          return null;
        });
  }
}
