package io.wattle.wit.type;

/** What an interface or a world names (component-model Explainer, {@code externtype}). */
public sealed interface ExternType {
  /** A function. */
  record Function(FunctionType type) implements ExternType {}

  /** An interface: an instance. */
  record Instance(InterfaceType type) implements ExternType {}

  /** A value type under a name. */
  record Named(ValueType type) implements ExternType {}

  /** A resource type. */
  record Resource(ResourceType type) implements ExternType {}
}
