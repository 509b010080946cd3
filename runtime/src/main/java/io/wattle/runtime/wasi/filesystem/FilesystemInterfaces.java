package io.wattle.runtime.wasi.filesystem;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.Cases;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.runtime.wasi.io.IoError;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code wasi:filesystem} 0.2 as host interfaces: types and preopens. */
public final class FilesystemInterfaces {
  private FilesystemInterfaces() {}

  /** Both, with the directories that are given. */
  public static List<HostInterface> all(List<Preopen> directories) {
    HostInterface.Builder types =
        HostInterface.named("wasi:filesystem/types@0.2.0")
            .resource("descriptor", object -> ((Descriptor) object).drop())
            .resource("directory-entry-stream", object -> ((Directory) object).drop())
            .function(
                "[method]directory-entry-stream.read-directory-entry",
                (call, args) -> result(() -> entry((Directory) args[0])))
            .function("filesystem-error-code", (call, args) -> code((IoError) args[0]));
    onFiles(types);
    onTimes(types);
    onPaths(types);
    onTwoPaths(types);
    return List.of(preopens(directories), types.build());
  }

  private static HostInterface preopens(List<Preopen> directories) {
    HostInterface.Builder preopens = HostInterface.named("wasi:filesystem/preopens@0.2.0");
    return directories.isEmpty()
        ? preopens.repeatable("get-directories", (call, args) -> List.of()).build()
        : preopens.function("get-directories", (call, args) -> open(call, directories)).build();
  }

  private static List<Object> open(HostCall call, List<Preopen> directories) {
    List<Object> open = new ArrayList<>();
    for (Preopen given : directories) {
      try {
        open.add(new Object[] {Descriptor.of(OpenFiles.of(call), given), given.guest()});
      } catch (FileException e) {
        throw new TrapException(
            TrapException.Kind.IMPORT_FAILED,
            "the directory " + given.host() + " cannot be opened: " + e.getMessage(),
            e);
      }
    }
    return open;
  }

  private static Object entry(Directory directory) throws FileException {
    return directory.next().map(entry -> new Object[] {Cases.number(entry.type()), entry.name()});
  }

  private static Optional<Integer> code(IoError error) {
    return error.cause() instanceof FileException e
        ? Optional.of(Cases.number(e.code()))
        : Optional.empty();
  }

  /** What a function does with the descriptor it is called on. */
  @FunctionalInterface
  private interface Operation {
    @Nullable Object on(Descriptor descriptor, Object[] arguments) throws FileException;
  }

  @FunctionalInterface
  private interface Attempt {
    @Nullable Object run() throws FileException;
  }

  private static Result result(Attempt attempt) {
    try {
      return Result.ok(attempt.run());
    } catch (FileException e) {
      return Result.err(Cases.number(e.code()));
    }
  }

  private static void method(HostInterface.Builder types, String name, Operation operation) {
    types.function(
        "[method]descriptor." + name,
        (call, args) -> result(() -> operation.on((Descriptor) args[0], args)));
  }

  private static void onFiles(HostInterface.Builder types) {
    method(types, "read-via-stream", (file, args) -> file.readStream((Long) args[1]));
    method(types, "write-via-stream", (file, args) -> file.writeStream((Long) args[1]));
    method(types, "append-via-stream", (file, args) -> file.appendStream());
    method(types, "read", (file, args) -> read(file, (Long) args[1], (Long) args[2]));
    method(types, "write", (file, args) -> (long) file.write((byte[]) args[1], (Long) args[2]));
    method(types, "get-flags", (file, args) -> Cases.bits(file.flags()));
    method(types, "get-type", (file, args) -> Cases.number(file.type()));
    method(types, "stat", (file, args) -> stat(file.stat()));
    method(types, "metadata-hash", (file, args) -> MetadataHash.of(file.stat()));
    method(types, "read-directory", (file, args) -> file.readDirectory());
    method(types, "advise", (file, args) -> advise(file, args));
    method(types, "sync-data", (file, args) -> sync(file, true));
    method(types, "sync", (file, args) -> sync(file, false));
    method(
        types,
        "set-size",
        (file, args) -> {
          file.setSize((Long) args[1]);
          return null;
        });
    types.function(
        "[method]descriptor.is-same-object",
        (call, args) -> ((Descriptor) args[0]).isSameObject((Descriptor) args[1]));
  }

  private static Object[] read(Descriptor file, long length, long offset) throws FileException {
    byte[] bytes = file.read(length, offset);
    return new Object[] {bytes, bytes.length == 0 && length != 0};
  }

  private static @Nullable Object advise(Descriptor file, Object[] args) throws FileException {
    file.advise((Long) args[1], (Long) args[2], Cases.of(Descriptor.Advice.class, args[3]));
    return null;
  }

  private static @Nullable Object sync(Descriptor file, boolean dataOnly) throws FileException {
    file.sync(dataOnly);
    return null;
  }

  private static void onTimes(HostInterface.Builder types) {
    method(
        types,
        "set-times",
        (file, args) -> {
          file.setTimes(time(args[1]), time(args[2]));
          return null;
        });
    method(
        types,
        "set-times-at",
        (directory, args) -> {
          directory.setTimesAt(follow(args[1]), (String) args[2], time(args[3]), time(args[4]));
          return null;
        });
  }

  private static void onPaths(HostInterface.Builder types) {
    method(
        types,
        "open-at",
        (directory, args) ->
            directory.openAt(
                follow(args[1]),
                (String) args[2],
                Cases.flags(Descriptor.OpenFlag.class, args[3]),
                Cases.flags(Descriptor.Flag.class, args[4])));
    method(
        types,
        "stat-at",
        (directory, args) -> stat(directory.statAt(follow(args[1]), (String) args[2])));
    method(
        types,
        "metadata-hash-at",
        (directory, args) -> MetadataHash.of(directory.statAt(follow(args[1]), (String) args[2])));
    method(types, "readlink-at", (directory, args) -> directory.readLinkAt((String) args[1]));
    on(types, "create-directory-at", Descriptor::createDirectoryAt);
    on(types, "remove-directory-at", Descriptor::removeDirectoryAt);
    on(types, "unlink-file-at", Descriptor::unlinkFileAt);
  }

  /** What is done to a path of a directory. */
  @FunctionalInterface
  private interface Change {
    void at(Descriptor directory, String path) throws FileException;
  }

  private static void on(HostInterface.Builder types, String name, Change change) {
    method(
        types,
        name,
        (directory, args) -> {
          change.at(directory, (String) args[1]);
          return null;
        });
  }

  private static void onTwoPaths(HostInterface.Builder types) {
    method(
        types,
        "link-at",
        (directory, args) -> {
          directory.linkAt(
              follow(args[1]), (String) args[2], (Descriptor) args[3], (String) args[4]);
          return null;
        });
    method(
        types,
        "rename-at",
        (directory, args) -> {
          directory.renameAt((String) args[1], (Descriptor) args[2], (String) args[3]);
          return null;
        });
    method(
        types,
        "symlink-at",
        (directory, args) -> {
          directory.symlinkAt((String) args[1], (String) args[2]);
          return null;
        });
  }

  private static boolean follow(Object pathFlags) {
    return ((Long) pathFlags & 1) != 0;
  }

  private static NewTime time(Object timestamp) throws FileException {
    Variant variant = (Variant) timestamp;
    if (!(variant.payload() instanceof Object[] datetime)) {
      return variant.index() == 0 ? new NewTime.Keep() : new NewTime.Now();
    }
    long nanos = (Long) datetime[1];
    if (nanos >= 1_000_000_000) {
      throw new FileException(ErrorCode.INVALID);
    }
    long seconds = (Long) datetime[0];
    if (seconds < 0) { // unsigned: beyond what Java and the system have
      throw new FileException(ErrorCode.OVERFLOW);
    }
    try {
      return new NewTime.At(Instant.ofEpochSecond(seconds, nanos));
    } catch (DateTimeException e) {
      throw new FileException(ErrorCode.OVERFLOW);
    }
  }

  private static Object[] stat(FileStat stat) {
    return new Object[] {
      Cases.number(stat.type()),
      stat.links(),
      stat.size(),
      Optional.of(datetime(stat.accessed())),
      Optional.of(datetime(stat.modified())),
      Optional.of(datetime(stat.changed()))
    };
  }

  /** A time before 1970 has no number there. */
  private static Object[] datetime(Instant time) {
    return new Object[] {Math.max(0, time.getEpochSecond()), (long) time.getNano()};
  }
}
