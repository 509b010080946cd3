package io.wattle.lattice.nats;

import io.wattle.lattice.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What lies in a server's directory. */
final class ServerFiles {
  private ServerFiles() {}

  static Path config(Path directory) {
    return directory.resolve("nats-server.conf");
  }

  static Path log(Path directory) {
    return directory.resolve("nats-server.log");
  }

  static Path pid(Path directory) {
    return directory.resolve("nats-server.pid");
  }

  /** The server names the file after its own executable. */
  static Path ports(Path directory, NatsServerBinary binary, long pid) {
    return directory.resolve(binary.path().getFileName() + "_" + pid + ".ports");
  }

  /** Writes the configuration, for its owner's eyes only. */
  static void writeConfig(NatsServerBinary binary, NatsServer.Options options) throws IOException {
    Path directory = options.directory();
    Files.createDirectories(directory);
    Path config = config(directory);
    Files.deleteIfExists(config);
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          config,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    StringBuilder text = new StringBuilder();
    text.append("host: ").append(quoted(options.host())).append('\n');
    text.append("port: ").append(options.port() == 0 ? -1 : options.port()).append('\n');
    text.append("server_name: ").append(quoted("wattle")).append('\n');
    text.append("ports_file_dir: ").append(quoted(directory.toString())).append('\n');
    // A client that stands still or is cut off is dropped after 8 s at most, not after minutes:
    // until
    // then the server hands it its share of the calls to what runs on several hosts.
    text.append("ping_interval: \"2s\"\nping_max: 3\n");
    text.append("jetstream {\n  store_dir: ")
        .append(quoted(directory.resolve("jetstream").toString()))
        .append('\n');
    if (binary.version().canSyncAlways()) {
      text.append("  sync_interval: always\n");
    }
    text.append("}\n");
    switch (options.credentials()) {
      case Credentials.UserPassword(String user, String password) ->
          text.append("authorization {\n  user: ")
              .append(quoted(user))
              .append("\n  password: ")
              .append(quoted(password))
              .append("\n}\n");
      case Credentials.Token(String token) ->
          text.append("authorization {\n  token: ").append(quoted(token)).append("\n}\n");
      case Credentials.None none -> {}
      case Credentials.CredsFile file -> throw unsupported();
      case Credentials.JwtSeed jwt -> throw unsupported();
    }
    Files.writeString(config, text);
  }

  private static IllegalArgumentException unsupported() {
    return new IllegalArgumentException(
        "credentials of a server we start (expected: none, token, or user and password)");
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
