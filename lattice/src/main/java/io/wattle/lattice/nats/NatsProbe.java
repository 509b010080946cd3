package io.wattle.lattice.nats;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Who listens at a port? A NATS server greets with {@code INFO}. */
final class NatsProbe {
  private static final int MILLIS = 1000;

  private NatsProbe() {}

  static boolean answers(String host, int port) {
    return greeting(host, port).isPresent();
  }

  static String describe(String host, int port) {
    return greeting(host, port)
        .map(
            info ->
                "a nats-server "
                    + info.path("version").asText("of unknown version")
                    + " named "
                    + info.path("server_name").asText("?"))
        .orElse("another program");
  }

  private static Optional<JsonNode> greeting(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(NatsServer.dialled(host), port), MILLIS);
      socket.setSoTimeout(MILLIS);
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = reader.readLine();
      return line != null && line.startsWith("INFO ")
          ? Optional.of(
              Json.tree(line.substring(5).getBytes(StandardCharsets.UTF_8), "greeting of NATS"))
          : Optional.empty();
    } catch (IOException | io.wattle.lattice.LatticeException e) {
      return Optional.empty();
    }
  }
}
