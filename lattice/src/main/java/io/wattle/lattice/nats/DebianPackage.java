package io.wattle.lattice.nats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** The distribution's package, unpacked without being installed. Often old. */
final class DebianPackage implements BinarySource {
  @Override
  public String describe() {
    return "package nats-server of the distribution";
  }

  @Override
  public String key() {
    return "distribution";
  }

  @Override
  public Path fetch(Path work) throws IOException, InterruptedException {
    Command.runIn(work, Duration.ofMinutes(2), null, "apt-get", "download", "nats-server");
    Path archive;
    try (Stream<Path> files = Files.list(work)) {
      archive =
          files
              .filter(file -> file.toString().endsWith(".deb"))
              .findFirst()
              .orElseThrow(() -> new IOException("apt-get brought no package"));
    }
    Path unpacked = work.resolve("unpacked");
    Command.run(
        Duration.ofMinutes(1), null, "dpkg-deb", "-x", archive.toString(), unpacked.toString());
    try (Stream<Path> files = Files.walk(unpacked)) {
      return files
          .filter(file -> file.endsWith("nats-server") && Files.isRegularFile(file))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(() -> new IOException("no nats-server in " + archive.getFileName()));
    }
  }
}
