package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.host.Variant;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** {@code ip-address} and {@code ip-socket-address}, to and from Java's. */
final class Addresses {
  private Addresses() {}

  /** Of {@code ip-socket-address}. An IPv6 address that stands for an IPv4 one is INVALID. */
  static InetSocketAddress read(Object address) throws NetworkException {
    Variant variant = (Variant) address;
    Object[] fields = (Object[]) variant.payload();
    if (fields == null) {
      throw new AssertionError("both cases have a payload");
    }
    int port = (Integer) fields[0];
    if (variant.index() == 0) {
      Object[] parts = (Object[]) fields[1];
      byte[] bytes = new byte[4];
      for (int i = 0; i < 4; i++) {
        bytes[i] = ((Integer) parts[i]).byteValue();
      }
      return new InetSocketAddress(of(bytes), port);
    }
    Object[] parts = (Object[]) fields[2];
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      int part = (Integer) parts[i];
      bytes[2 * i] = (byte) (part >> 8);
      bytes[2 * i + 1] = (byte) part;
    }
    InetAddress ip = of(bytes);
    if (!(ip instanceof Inet6Address)) {
      throw ErrorCode.INVALID_ARGUMENT.failure();
    }
    return new InetSocketAddress(ip, port);
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 bytes are addresses", e);
    }
  }

  /** As {@code ip-socket-address}. */
  static Variant write(InetSocketAddress address) {
    Variant ip = write(address.getAddress());
    return ip.index() == 0
        ? new Variant(0, new Object[] {address.getPort(), ip.payload()})
        : new Variant(1, new Object[] {address.getPort(), 0L, ip.payload(), 0L});
  }

  /** As {@code ip-address}. */
  static Variant write(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      Object[] parts = new Object[4];
      for (int i = 0; i < 4; i++) {
        parts[i] = Byte.toUnsignedInt(bytes[i]);
      }
      return new Variant(0, parts);
    }
    Object[] parts = new Object[8];
    for (int i = 0; i < 8; i++) {
      parts[i] = Byte.toUnsignedInt(bytes[2 * i]) << 8 | Byte.toUnsignedInt(bytes[2 * i + 1]);
    }
    return new Variant(1, parts);
  }
}
