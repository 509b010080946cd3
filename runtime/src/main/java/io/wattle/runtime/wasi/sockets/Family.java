package io.wattle.runtime.wasi.sockets;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;

/** {@code ip-address-family}, in its order. */
enum Family {
  IPV4,
  IPV6;

  private static final InetAddress BROADCAST = InetAddress.ofLiteral("255.255.255.255");

  ProtocolFamily java() {
    return this == IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
  }

  /** An address of another family is INVALID_ARGUMENT. */
  void check(InetSocketAddress address) throws NetworkException {
    if (address.getAddress() instanceof Inet4Address != (this == IPV4)) {
      throw ErrorCode.INVALID_ARGUMENT.failure();
    }
  }

  /** An address of more than one machine is INVALID_ARGUMENT, too. */
  void checkUnicast(InetSocketAddress address) throws NetworkException {
    check(address);
    InetAddress ip = address.getAddress();
    if (ip.isMulticastAddress() || ip.equals(BROADCAST)) {
      throw ErrorCode.INVALID_ARGUMENT.failure();
    }
  }

  /** What can be connected or sent to: an address and a port. */
  void checkRemote(InetSocketAddress address) throws NetworkException {
    check(address);
    if (address.getAddress().isAnyLocalAddress() || address.getPort() == 0) {
      throw ErrorCode.INVALID_ARGUMENT.failure();
    }
  }
}
