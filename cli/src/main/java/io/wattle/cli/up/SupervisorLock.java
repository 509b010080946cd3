package io.wattle.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.DataDir;
import io.wattle.cli.base.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Held by the one supervisor of a data directory. The operating system lets go of it when the
 * process ends, however it ends; the file's text only says who holds it.
 */
final class SupervisorLock implements AutoCloseable {
  private static final int MAX_TEXT = 4096;
  private final FileChannel channel;

  private SupervisorLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Who holds the lock. */
  record Holder(long pid, String since) {}

  /** Takes the lock, or says who has it. */
  static SupervisorLock take(DataDir dataDir, Instant now) throws CommandException {
    try {
      FileChannel channel =
          FileChannel.open(
              dataDir.lockFile(),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw taken(dataDir);
      }
      String text =
          Json.MAPPER.writeValueAsString(
              Map.of("pid", ProcessHandle.current().pid(), "since", now.toString()));
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
      return new SupervisorLock(channel);
    } catch (IOException e) {
      throw CommandException.failed("cannot lock " + dataDir.lockFile() + ": " + e.getMessage())
          .hint("Give the folder to this user, or set WATTLE_HOME to another one.")
          .because(e);
    }
  }

  /** Who holds the lock now, or null when nobody does. */
  static @Nullable Holder holder(DataDir dataDir) {
    Path file = dataDir.lockFile();
    if (!Files.exists(file)) {
      return null;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Holder holder = read(channel);
      boolean alive = ProcessHandle.of(holder.pid()).map(ProcessHandle::isAlive).orElse(false);
      return !alive || locked(channel) ? null : holder;
    } catch (IOException e) {
      return null;
    }
  }

  private static CommandException taken(DataDir dataDir) {
    Holder holder = holder(dataDir);
    String who = holder == null ? "" : ": pid " + holder.pid() + ", since " + holder.since();
    return CommandException.failed("already running in " + dataDir + who)
        .hint(
            "Deploy to it with `wattle app deploy FILE`, stop it with `wattle down`,\n"
                + "or run another one beside it with WATTLE_HOME set to another folder.");
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another supervisor in this JVM
    }
  }

  private static Holder read(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_TEXT);
    channel.read(buffer, 0);
    JsonNode json =
        Json.MAPPER.readTree(
            new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
    return new Holder(json.path("pid").asLong(-1), json.path("since").asText("?"));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // the operating system lets go of it at the latest when the process ends
    }
  }
}
