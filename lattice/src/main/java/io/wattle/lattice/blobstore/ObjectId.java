package io.wattle.lattice.blobstore;

/** An object, by the names of its container and of itself. */
public record ObjectId(String container, String object) {
  @Override
  public String toString() {
    return container + "/" + object;
  }
}
