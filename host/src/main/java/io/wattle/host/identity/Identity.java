package io.wattle.host.identity;

import io.nats.client.NKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A host's identity, kept in its data directory: the seed of a server nkey in {@code host.nk} and
 * the friendly name in {@code host.name}, both private to the user. Open identities hold the lock
 * file {@code host.lock}, so that two hosts never have the same one.
 */
public final class Identity implements AutoCloseable {
  private static final String SEED = "host.nk";
  private static final String NAME = "host.name";
  private static final String LOCK = "host.lock";

  private final String id;
  private final String friendlyName;
  private final FileChannel lockFile;

  private Identity(String id, String friendlyName, FileChannel lockFile) {
    this.id = id;
    this.friendlyName = friendlyName;
    this.lockFile = lockFile;
  }

  /**
   * Reads the identity in {@code dataDir}, or makes one on first use, and locks it.
   *
   * @param friendlyName replaces the kept name
   * @throws IdentityException when it is in use, or damaged
   */
  public static Identity open(Path dataDir, Optional<String> friendlyName) {
    FileChannel lock = null;
    try {
      Files.createDirectories(dataDir, directoryAttributes());
      lock = lock(dataDir);
      String id = readOrMakeKey(dataDir.resolve(SEED));
      String name = readOrMakeName(dataDir.resolve(NAME), friendlyName);
      return new Identity(id, name, lock);
    } catch (IOException | GeneralSecurityException e) {
      closeQuietly(lock);
      throw new IdentityException("host identity in " + dataDir + ": " + e, e);
    } catch (IdentityException e) {
      closeQuietly(lock);
      throw e;
    }
  }

  /** The public server nkey: 56 characters, the first an {@code N}. */
  public String id() {
    return id;
  }

  public String friendlyName() {
    return friendlyName;
  }

  /** Lets go of the lock. */
  @Override
  public void close() {
    closeQuietly(lockFile);
  }

  private static FileChannel lock(Path dataDir) throws IOException {
    Path file = dataDir.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IdentityException(
          "another host uses the identity in "
              + dataDir
              + " (expected: one host for each data directory; give this one its own)");
    }
    return channel;
  }

  private static String readOrMakeKey(Path file) throws IOException, GeneralSecurityException {
    if (!Files.exists(file)) {
      NKey key = NKey.createServer(new SecureRandom());
      write(file, new String(key.getSeed()));
      return new String(key.getPublicKey());
    }
    String seed = Files.readString(file).strip();
    if (!seed.startsWith("SN")) {
      throw new IdentityException(
          file + ": not the seed of a server nkey (expected: it starts with SN)");
    }
    try {
      return new String(NKey.fromSeed(seed.toCharArray()).getPublicKey());
    } catch (IllegalArgumentException e) {
      throw new IdentityException(
          file + ": damaged seed: " + e.getMessage() + "; delete it to get a new identity", e);
    }
  }

  private static String readOrMakeName(Path file, Optional<String> wanted) throws IOException {
    String kept = Files.exists(file) ? Files.readString(file).strip() : "";
    String name = wanted.orElse(kept.isEmpty() ? FriendlyNames.pick(new SecureRandom()) : kept);
    if (!name.equals(kept)) {
      write(file, name);
    }
    return name;
  }

  private static void write(Path file, String text) throws IOException {
    Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), "host", ".new");
    Files.writeString(fresh, text + "\n"); // a temporary file is private to its owner
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static FileAttribute<?>[] directoryAttributes() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException ignored) {
        // the lock goes with the process at the latest
      }
    }
  }
}
