package io.wattle.lattice.nats;

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
    String text =
        "ports_file_dir: "
            + ServerConfig.quoted(directory.toString())
            + "\n"
            + ServerConfig.text(options, binary.version().canSyncAlways());
    Files.writeString(config, text);
  }
}
