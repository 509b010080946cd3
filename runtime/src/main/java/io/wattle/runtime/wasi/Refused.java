package io.wattle.runtime.wasi;

import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.wasi.io.Pollable;
import java.util.List;
import java.util.Optional;

/**
 * Files and sockets: components link against them, often only because their language's library
 * does, and every call is refused. There are no preopened directories, so that no descriptor ever
 * exists; sockets cannot be made.
 */
final class Refused {
  /** {@code error-code::access} of wasi:filesystem/types. */
  private static final Result NO_ACCESS = Result.err(0);

  /** {@code error-code::access-denied} of wasi:sockets/network. */
  private static final Result ACCESS_DENIED = Result.err(1);

  /** The one network, to which nothing can be connected. */
  private static final Object NETWORK = new Object();

  private static final String DESCRIPTOR =
      """
      read-via-stream write-via-stream append-via-stream advise sync-data get-flags get-type
      set-size set-times read write read-directory sync create-directory-at stat stat-at
      set-times-at link-at open-at readlink-at remove-directory-at rename-at symlink-at
      unlink-file-at metadata-hash metadata-hash-at""";

  private static final String TCP_SOCKET =
      """
      start-bind finish-bind start-connect finish-connect start-listen finish-listen accept
      local-address remote-address set-listen-backlog-size keep-alive-enabled
      set-keep-alive-enabled keep-alive-idle-time set-keep-alive-idle-time keep-alive-interval
      set-keep-alive-interval keep-alive-count set-keep-alive-count hop-limit set-hop-limit
      receive-buffer-size set-receive-buffer-size send-buffer-size set-send-buffer-size
      shutdown""";

  private static final String UDP_SOCKET =
      """
      start-bind finish-bind stream local-address remote-address unicast-hop-limit
      set-unicast-hop-limit receive-buffer-size set-receive-buffer-size send-buffer-size
      set-send-buffer-size""";

  private Refused() {}

  static List<HostInterface> all() {
    return List.of(
        HostInterface.named("wasi:filesystem/preopens@0.2.0")
            .repeatable("get-directories", (call, args) -> List.of())
            .build(),
        files(),
        HostInterface.named("wasi:sockets/instance-network@0.2.0")
            .function("instance-network", (call, args) -> NETWORK)
            .build(),
        HostInterface.named("wasi:sockets/network@0.2.0")
            .resource("network")
            .function("network-error-code", (call, args) -> Optional.empty())
            .build(),
        tcp(),
        refuse("wasi:sockets/tcp-create-socket@0.2.0", "create-tcp-socket").build(),
        udp(),
        refuse("wasi:sockets/udp-create-socket@0.2.0", "create-udp-socket").build(),
        names());
  }

  private static HostInterface files() {
    HostInterface.Builder types =
        HostInterface.named("wasi:filesystem/types@0.2.0")
            .resource("descriptor")
            .resource("directory-entry-stream")
            .function("[method]descriptor.is-same-object", (call, args) -> false)
            .function("filesystem-error-code", (call, args) -> Optional.empty());
    refuse(types, "[method]descriptor.", DESCRIPTOR, NO_ACCESS);
    refuse(types, "[method]directory-entry-stream.", "read-directory-entry", NO_ACCESS);
    return types.build();
  }

  private static HostInterface tcp() {
    HostInterface.Builder tcp =
        HostInterface.named("wasi:sockets/tcp@0.2.0")
            .resource("tcp-socket")
            .function("[method]tcp-socket.is-listening", (call, args) -> false)
            .function("[method]tcp-socket.address-family", (call, args) -> 0)
            .function("[method]tcp-socket.subscribe", Refused::always);
    refuse(tcp, "[method]tcp-socket.", TCP_SOCKET, ACCESS_DENIED);
    return tcp.build();
  }

  private static HostInterface udp() {
    HostInterface.Builder udp =
        HostInterface.named("wasi:sockets/udp@0.2.0")
            .resource("udp-socket")
            .resource("incoming-datagram-stream")
            .resource("outgoing-datagram-stream")
            .function("[method]udp-socket.address-family", (call, args) -> 0)
            .function("[method]udp-socket.subscribe", Refused::always)
            .function("[method]incoming-datagram-stream.subscribe", Refused::always)
            .function("[method]outgoing-datagram-stream.subscribe", Refused::always);
    refuse(udp, "[method]udp-socket.", UDP_SOCKET, ACCESS_DENIED);
    refuse(udp, "[method]incoming-datagram-stream.", "receive", ACCESS_DENIED);
    refuse(udp, "[method]outgoing-datagram-stream.", "check-send send", ACCESS_DENIED);
    return udp.build();
  }

  private static HostInterface names() {
    HostInterface.Builder names =
        refuse("wasi:sockets/ip-name-lookup@0.2.0", "resolve-addresses")
            .resource("resolve-address-stream")
            .function("[method]resolve-address-stream.subscribe", Refused::always);
    refuse(names, "[method]resolve-address-stream.", "resolve-next-address", ACCESS_DENIED);
    return names.build();
  }

  private static HostInterface.Builder refuse(String name, String functions) {
    HostInterface.Builder builder = HostInterface.named(name);
    refuse(builder, "", functions, ACCESS_DENIED);
    return builder;
  }

  private static void refuse(
      HostInterface.Builder builder, String prefix, String functions, Result refusal) {
    for (String function : functions.split("\\s+")) {
      builder.function(prefix + function, (call, args) -> refusal);
    }
  }

  private static Object always(HostCall call, Object[] arguments) {
    return Pollable.ALWAYS;
  }
}
