package io.wattle.runtime.wasi.preview1;

import io.wattle.runtime.wasi.filesystem.ErrorCode;

/** {@code errno} of preview 1: the numbers that are answered here. */
final class Errno {
  static final int SUCCESS = 0;
  static final int AGAIN = 6;
  static final int BADF = 8;
  static final int FAULT = 21;
  static final int INVAL = 28;
  static final int IO = 29;
  static final int ISDIR = 31;
  static final int NAMETOOLONG = 37;
  static final int NOSYS = 52;
  static final int NOTDIR = 54;
  static final int NOTSOCK = 57;
  static final int NOTSUP = 58;
  static final int PIPE = 64;
  static final int SPIPE = 70;

  private Errno() {}

  /** For a code of wasi:filesystem. */
  static int of(ErrorCode code) {
    return switch (code) {
      case ACCESS -> 2;
      case WOULD_BLOCK -> 6;
      case ALREADY -> 7;
      case BAD_DESCRIPTOR -> BADF;
      case BUSY -> 10;
      case DEADLOCK -> 16;
      case QUOTA -> 19;
      case EXIST -> 20;
      case FILE_TOO_LARGE -> 22;
      case ILLEGAL_BYTE_SEQUENCE -> 25;
      case IN_PROGRESS -> 26;
      case INTERRUPTED -> 27;
      case INVALID -> INVAL;
      case IO -> IO;
      case IS_DIRECTORY -> ISDIR;
      case LOOP -> 32;
      case TOO_MANY_LINKS -> 34;
      case MESSAGE_SIZE -> 35;
      case NAME_TOO_LONG -> NAMETOOLONG;
      case NO_DEVICE -> 43;
      case NO_ENTRY -> 44;
      case NO_LOCK -> 46;
      case INSUFFICIENT_MEMORY -> 48;
      case INSUFFICIENT_SPACE -> 51;
      case NOT_DIRECTORY -> NOTDIR;
      case NOT_EMPTY -> 55;
      case NOT_RECOVERABLE -> 56;
      case UNSUPPORTED -> NOTSUP;
      case NO_TTY -> 59;
      case NO_SUCH_DEVICE -> 60;
      case OVERFLOW -> 61;
      case NOT_PERMITTED -> 63;
      case PIPE -> PIPE;
      case READ_ONLY -> 69;
      case INVALID_SEEK -> SPIPE;
      case TEXT_FILE_BUSY -> 74;
      case CROSS_DEVICE -> 75;
    };
  }
}
