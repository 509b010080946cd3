package io.wattle.cli.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;

/**
 * Where one supervisor keeps its data: {@code $WATTLE_HOME}, else the platform's folder for a
 * user's data, never a temporary one (wash lost applications at reboot that way).
 */
public record DataDir(Path root) {
  /** The folder that the environment names. */
  public static DataDir of(Map<String, String> environment) {
    String home = environment.getOrDefault("WATTLE_HOME", "");
    if (!home.isBlank()) {
      return new DataDir(Path.of(home).toAbsolutePath().normalize());
    }
    Path user = Path.of(System.getProperty("user.home", "."));
    if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac")) {
      return new DataDir(user.resolve("Library/Application Support/Wattle"));
    }
    String data = environment.getOrDefault("XDG_DATA_HOME", "");
    Path base = data.isBlank() ? user.resolve(".local/share") : Path.of(data);
    return new DataDir(base.resolve("wattle").toAbsolutePath());
  }

  /** Makes the folder, private to the user, or says why it cannot be used. */
  public void create() throws CommandException {
    try {
      createPrivate(root);
      if (!Files.isWritable(root)) {
        throw new AccessDeniedException(root.toString());
      }
    } catch (IOException e) {
      throw CommandException.failed("data directory " + root + " cannot be written: " + describe(e))
          .hint("Give it to this user, or set WATTLE_HOME to another folder.")
          .because(e);
    }
  }

  /** Why a file or folder cannot be used, in words; its name is said by the caller. */
  public static String describe(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException none -> "there is no such file or folder";
      case FileAlreadyExistsException other -> "there is a file of that name";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      default ->
          e.getClass() == IOException.class
              ? String.valueOf(e.getMessage())
              : e.getClass().getSimpleName() + ": " + e.getMessage();
    };
  }

  /** Makes a folder, and those above it, that only the user can read. */
  public static void createPrivate(Path folder) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  /** Held by the supervisor while it runs. */
  public Path lockFile() {
    return root.resolve("supervisor.lock");
  }

  /** How to reach what the supervisor started; only the user can read it. */
  public Path connectionFile() {
    return root.resolve("connection.json");
  }

  /** The supervisor's control socket, unless the path is too long for one. */
  public Path socket() {
    return root.resolve("supervisor.sock");
  }

  /** What nats-server stores. */
  public Path nats() {
    return root.resolve("nats");
  }

  /** Certificates and credentials that let other machines in. */
  public Path gate() {
    return root.resolve("gate");
  }

  /** Programs that were fetched. */
  public Path programs() {
    return root.resolve("programs");
  }

  /** A host's identity and caches; hosts are numbered from 1. */
  public Path host(int number) {
    return root.resolve("hosts").resolve(Integer.toString(number));
  }

  /** Of the host that {@code wattle host} runs unless told otherwise. */
  public Path joinedHost() {
    return root.resolve("hosts").resolve("joined");
  }

  /** Log files. */
  public Path logs() {
    return root.resolve("logs");
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
