package io.wattle.providers.blobstore;

import io.wattle.lattice.blobstore.BlobException;
import io.wattle.lattice.blobstore.ObjectId;
import io.wattle.wit.io.BytePipe;
import io.wattle.wit.io.Deadline;
import io.wattle.wit.io.PipeAbortedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Moves bytes between files and pipes, a piece at a time, each on a thread of its own. What goes
 * wrong is the answer, and the other end of the pipe sees that it broke off.
 */
final class Transfers {
  private static final int PIECE = 64 * 1024;

  private Transfers() {}

  static void start(String name, Runnable transfer) {
    var _ = Thread.ofVirtual().name(name).start(transfer);
  }

  /** From a file, which is closed then; {@code start} and {@code end} are inclusive, unsigned. */
  static Optional<String> read(
      FileChannel file, long start, long end, BytePipe into, Deadline deadline) {
    Optional<String> error;
    try (file) {
      long size = file.size();
      long at = Long.compareUnsigned(start, size) < 0 ? start : size;
      long until = Long.compareUnsigned(end, size) < 0 ? end + 1 : size;
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      while (at < until) {
        piece.clear().limit((int) Math.min(PIECE, until - at));
        int read = file.read(piece, at);
        if (read < 0) {
          throw new IOException("it became shorter while it was read");
        }
        into.write(piece.array(), 0, read, deadline);
        at += read;
      }
      into.close();
      return Optional.empty();
    } catch (PipeAbortedException e) {
      error = Optional.of("nobody reads it: " + e.getMessage());
    } catch (IOException e) {
      error = Optional.of("cannot be read: " + Folder.reason(e));
    } catch (TimeoutException e) {
      error = Optional.of("the deadline passed while it was read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      error = Optional.of("interrupted");
    }
    into.abort(error.orElseThrow());
    return error;
  }

  /** Into a file that takes the object's place when it is whole, and vanishes otherwise. */
  static Optional<String> write(
      BytePipe bytes, Folder folder, Path unfinished, ObjectId id, Deadline deadline) {
    Optional<String> error;
    try {
      try (FileChannel file =
          FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        byte[] piece = new byte[PIECE];
        int read = bytes.read(piece, 0, piece.length, deadline);
        while (read >= 0) {
          ByteBuffer left = ByteBuffer.wrap(piece, 0, read);
          while (left.hasRemaining()) {
            var _ = file.write(left);
          }
          read = bytes.read(piece, 0, piece.length, deadline);
        }
        file.force(true);
      }
      folder.finish(unfinished, id);
      return Optional.empty();
    } catch (BlobException e) {
      error = Optional.of(String.valueOf(e.getMessage()));
    } catch (PipeAbortedException e) {
      error = Optional.of("its bytes broke off: " + e.getMessage());
    } catch (IOException e) {
      error = Optional.of("cannot be written: " + Folder.reason(e));
    } catch (TimeoutException e) {
      error = Optional.of("the deadline passed while it was written");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      error = Optional.of("interrupted");
    }
    bytes.abort(error.orElseThrow());
    folder.discard(unfinished);
    return error.map(why -> id + ": " + why);
  }
}
