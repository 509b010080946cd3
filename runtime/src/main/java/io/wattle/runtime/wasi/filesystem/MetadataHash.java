package io.wattle.runtime.wasi.filesystem;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * {@code metadata-hash}: of device and inode, with a secret of this process. Preview 1 adapters
 * show the hash as inode number, so it does not change when a file is written.
 */
final class MetadataHash {
  private static final byte[] SECRET = new SecureRandom().generateSeed(32);

  private MetadataHash() {}

  /** Lower and upper half. */
  static Object[] of(FileStat stat) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(SECRET);
      digest.update(ByteBuffer.allocate(16).putLong(stat.device()).putLong(stat.inode()).array());
      ByteBuffer hash = ByteBuffer.wrap(digest.digest());
      return new Object[] {hash.getLong(), hash.getLong()};
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
