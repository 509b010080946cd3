package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.host.Cases;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.wasi.io.IoError;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code wasi:sockets} 0.2 as host interfaces. */
public final class SocketInterfaces {
  /** The one network. */
  private static final Object NETWORK = new Object();

  private SocketInterfaces() {}

  /** All, with what the component may do. */
  public static List<HostInterface> all(NetworkAccess access) {
    return List.of(
        HostInterface.named("wasi:sockets/instance-network@0.2.0")
            .function("instance-network", (call, args) -> NETWORK)
            .build(),
        HostInterface.named("wasi:sockets/network@0.2.0")
            .resource("network")
            .function("network-error-code", (call, args) -> code((IoError) args[0]))
            .build(),
        TcpFunctions.socket(),
        HostInterface.named("wasi:sockets/tcp-create-socket@0.2.0")
            .function(
                "create-tcp-socket",
                (call, args) ->
                    result(
                        () ->
                            TcpSocket.create(
                                Sockets.of(call, access), Cases.of(Family.class, args[0]))))
            .build(),
        UdpFunctions.socket(),
        HostInterface.named("wasi:sockets/udp-create-socket@0.2.0")
            .function(
                "create-udp-socket",
                (call, args) ->
                    result(
                        () ->
                            UdpSocket.create(
                                Sockets.of(call, access), Cases.of(Family.class, args[0]))))
            .build(),
        names(access));
  }

  private static HostInterface names(NetworkAccess access) {
    return HostInterface.named("wasi:sockets/ip-name-lookup@0.2.0")
        .resource("resolve-address-stream")
        .function(
            "resolve-addresses",
            (call, args) -> result(() -> Names.resolve(Sockets.of(call, access), (String) args[1])))
        .function(
            "[method]resolve-address-stream.resolve-next-address",
            (call, args) -> result(() -> ((Names) args[0]).next().map(Addresses::write)))
        .function(
            "[method]resolve-address-stream.subscribe", (call, args) -> ((Names) args[0]).ready())
        .build();
  }

  private static Optional<Integer> code(IoError error) {
    return error.cause() instanceof NetworkException e
        ? Optional.of(Cases.number(e.code()))
        : Optional.empty();
  }

  /** What a function does. */
  @FunctionalInterface
  interface Attempt {
    @Nullable Object run() throws NetworkException;
  }

  static Result result(Attempt attempt) {
    try {
      return Result.ok(attempt.run());
    } catch (NetworkException e) {
      return Result.err(Cases.number(e.code()));
    }
  }
}
