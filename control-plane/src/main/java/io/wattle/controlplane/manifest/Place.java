package io.wattle.controlplane.manifest;

/**
 * Which part of a manifest is meant, and where it stands.
 *
 * @param path such as {@code spec.components[1].traits[0]}; empty for the document
 */
public record Place(String path, Position at) {
  static final Place DOCUMENT = new Place("", Position.START);

  Place field(String name, Position position) {
    return new Place(path.isEmpty() ? name : path + "." + name, position);
  }

  Place item(int index, Position position) {
    return new Place(path + "[" + index + "]", position);
  }
}
