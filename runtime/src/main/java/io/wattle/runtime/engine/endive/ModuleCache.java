package io.wattle.runtime.engine.endive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled modules on disk, one file each: the stripped module and its classes behind a SHA-256 of
 * all of it. The name is a digest of the module and of everything that shapes its classes (engine,
 * pass, JDK), so nothing stale is ever found. A file that is damaged counts as absent and is
 * replaced. The directory is the user's alone: whoever may write there runs code in this process.
 */
final class ModuleCache {
  private static final Logger log = LoggerFactory.getLogger(ModuleCache.class);
  private static final byte[] MAGIC = "wattle-module-1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;
  private static final String SUFFIX = ".module";
  private static final String UNFINISHED = "new-";
  private static final Duration UNFINISHED_FOR = Duration.ofHours(1);
  private final Path directory;
  private final long capacity;
  private final InstantSource clock;

  /** Bytes that this process writes before it looks how full the directory is. */
  private final AtomicLong untilLook = new AtomicLong();

  /** What is kept of a module. */
  record Entry(byte[] stripped, Set<Integer> interpreted, Map<String, byte[]> classes) {}

  private record Stored(Path path, long bytes, FileTime used) {
    /** Whether it was begun by a process that ended before it was done. */
    boolean isLeftover(InstantSource clock) {
      return path.getFileName().toString().startsWith(UNFINISHED)
          && used.toInstant().isBefore(clock.instant().minus(UNFINISHED_FOR));
    }
  }

  /**
   * @param capacity bytes, beyond which what was used longest ago goes
   * @throws IOException when the directory cannot be made or is not the user's
   */
  ModuleCache(Path directory, long capacity, InstantSource clock) throws IOException {
    this.directory = directory;
    this.capacity = capacity;
    this.clock = clock;
    Files.createDirectories(directory);
    checkOwner(directory);
    if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** To root other people's directories are open, but they could put classes there. */
  private static void checkOwner(Path directory) throws IOException {
    Path self = Path.of("/proc/self");
    if (Files.exists(self) && !Files.getOwner(directory).equals(Files.getOwner(self))) {
      throw new IOException(
          "it belongs to "
              + Files.getOwner(directory)
              + " (expected: "
              + Files.getOwner(self)
              + ", the user here)");
    }
  }

  private Path file(String key) {
    return directory.resolve(Hashes.sha256(key.getBytes(StandardCharsets.UTF_8)) + SUFFIX);
  }

  /** The entry, or null when there is none that can be trusted. */
  @Nullable Entry load(String key) {
    Path file = file(key);
    try {
      byte[] bytes = Files.readAllBytes(file);
      Entry entry = decode(key, bytes);
      if (entry == null) {
        log.warn("compiled module {} is damaged and will be compiled again", file);
        Files.deleteIfExists(file);
        return null;
      }
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      return entry;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      log.warn("compiled module {} cannot be read: {}", file, e.toString());
      return null;
    }
  }

  /** Keeps an entry; a cache that cannot be written is no failure. */
  void store(String key, Entry entry) {
    byte[] bytes = encode(key, entry);
    try {
      Path temporary = Files.createTempFile(directory, UNFINISHED, ".tmp");
      try {
        Files.write(temporary, bytes);
        Files.move(temporary, file(key), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
      if (untilLook.addAndGet(-bytes.length) < 0) {
        tidy();
      }
    } catch (IOException e) {
      log.warn("compiled module cannot be kept in {}: {}", directory, e.toString());
    }
  }

  /**
   * Evicts down to seven eighths when there is too much. Looking at all files takes as long as
   * there are many, so the next look is when a part of the room that is left has been written:
   * other processes may fill the same directory.
   */
  private void tidy() throws IOException {
    List<Stored> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.map(ModuleCache::stat).flatMap(Stream::ofNullable).toList();
    }
    long total = 0;
    List<Stored> modules = new ArrayList<>();
    for (Stored file : files) {
      if (file.path.toString().endsWith(SUFFIX)) {
        modules.add(file);
        total += file.bytes;
      } else if (file.isLeftover(clock)) {
        Files.deleteIfExists(file.path);
      }
    }
    if (total > capacity) {
      modules.sort(Comparator.comparing(Stored::used));
      for (Stored oldest : modules) {
        if (total <= capacity - capacity / 8) {
          break;
        }
        Files.deleteIfExists(oldest.path);
        total -= oldest.bytes;
      }
    }
    untilLook.set((capacity - total) / 4);
  }

  private static @Nullable Stored stat(Path path) {
    try {
      return new Stored(path, Files.size(path), Files.getLastModifiedTime(path));
    } catch (IOException e) {
      return null; // Another process evicted it meanwhile.
    }
  }

  private static byte[] encode(String key, Entry entry) {
    try {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(content);
      out.writeUTF(key);
      bytes(out, entry.stripped);
      out.writeInt(entry.interpreted.size());
      for (int function : entry.interpreted) {
        out.writeInt(function);
      }
      out.writeInt(entry.classes.size());
      for (Map.Entry<String, byte[]> generated : entry.classes.entrySet()) {
        out.writeUTF(generated.getKey());
        bytes(out, generated.getValue());
      }
      byte[] body = content.toByteArray();
      ByteArrayOutputStream all = new ByteArrayOutputStream(body.length + 64);
      all.writeBytes(MAGIC);
      all.writeBytes(HexFormat.of().parseHex(Hashes.sha256(body)));
      all.writeBytes(body);
      return all.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static @Nullable Entry decode(String key, byte[] all) throws IOException {
    int start = MAGIC.length + DIGEST;
    if (all.length < start || !Arrays.equals(all, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return null;
    }
    byte[] body = Arrays.copyOfRange(all, start, all.length);
    byte[] expected = Arrays.copyOfRange(all, MAGIC.length, start);
    if (!MessageDigest.isEqual(expected, HexFormat.of().parseHex(Hashes.sha256(body)))) {
      return null;
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
    if (!in.readUTF().equals(key)) {
      return null;
    }
    byte[] stripped = in.readNBytes(in.readInt());
    Set<Integer> interpreted = new HashSet<>();
    for (int left = in.readInt(); left > 0; left--) {
      interpreted.add(in.readInt());
    }
    Map<String, byte[]> classes = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      classes.put(name, in.readNBytes(in.readInt()));
    }
    return new Entry(stripped, interpreted, classes);
  }
}
