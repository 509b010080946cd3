package io.wattle.lattice.blobstore;

/** A store cannot do what it was asked. The text says why; it reaches the component. */
public final class BlobException extends Exception {
  private static final long serialVersionUID = 1L;

  public BlobException(String message) {
    super(message);
  }

  public BlobException(String message, Throwable cause) {
    super(message, cause);
  }
}
