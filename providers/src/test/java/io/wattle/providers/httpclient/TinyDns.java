package io.wattle.providers.httpclient;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** A name server that knows no name: it says so, or it says nothing. */
final class TinyDns implements AutoCloseable {
  private static final int HEADER = 12;

  private final DatagramSocket socket;

  /**
   * Listens.
   *
   * @param rcode what it answers, or -1 for silence
   */
  TinyDns(int rcode) throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    var _ = Thread.ofVirtual().start(() -> answer(rcode));
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  private void answer(int rcode) {
    byte[] buffer = new byte[512];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        if (rcode >= 0 && packet.getLength() >= HEADER) {
          buffer[2] = (byte) (buffer[2] | 0x80); // it is an answer
          buffer[3] = (byte) (0x80 | rcode);
          buffer[10] = 0; // and adds nothing
          buffer[11] = 0;
          packet.setLength(questionEnd(buffer, packet.getLength()));
          socket.send(packet);
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static int questionEnd(byte[] message, int length) {
    int at = HEADER;
    while (at < length && message[at] != 0) {
      at += message[at] + 1;
    }
    return Math.min(length, at + 5);
  }

  @Override
  public void close() {
    socket.close();
  }
}
