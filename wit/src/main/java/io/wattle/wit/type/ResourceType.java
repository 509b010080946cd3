package io.wattle.wit.type;

/**
 * The identity of a resource type. Two resource types are the same only if they are the same
 * object.
 */
public final class ResourceType {
  private final String name;

  /**
   * Makes a new type; {@code name} is for messages only, like {@code wasi:io/streams.input-stream}.
   */
  public ResourceType(String name) {
    this.name = name;
  }

  /** The name shown in messages. */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return "resource " + name;
  }
}
