package io.wattle.runtime.wasi.filesystem;

import java.time.Instant;

/**
 * What is known of a file.
 *
 * @param device with {@code inode} says which file it is
 * @param links how many names it has
 * @param size in bytes
 */
public record FileStat(
    long device,
    long inode,
    FileType type,
    long links,
    long size,
    Instant accessed,
    Instant modified,
    Instant changed) {

  /** Whether both are of the same file. */
  boolean isSameFile(FileStat other) {
    return device == other.device && inode == other.inode;
  }
}
