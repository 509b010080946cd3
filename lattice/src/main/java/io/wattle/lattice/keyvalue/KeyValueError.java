package io.wattle.lattice.keyvalue;

/** The variant {@code error} of {@code wasi:keyvalue/store}. */
public sealed interface KeyValueError {
  /** The bucket is not there (case 0). */
  enum NoSuchStore implements KeyValueError {
    NO_SUCH_STORE
  }

  /** The caller may not (case 1). */
  enum AccessDenied implements KeyValueError {
    ACCESS_DENIED
  }

  /** Anything else (case 2). */
  record Other(String text) implements KeyValueError {}
}
