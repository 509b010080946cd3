package io.wattle.controlplane.manifest;

/**
 * A place in the text of a manifest.
 *
 * @param line from 1
 * @param column from 1
 */
public record Position(int line, int column) {
  /** Where a document begins; also the place of what was never written down. */
  public static final Position START = new Position(1, 1);

  @Override
  public String toString() {
    return "line " + line + ", column " + column;
  }
}
