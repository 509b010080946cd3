package io.wattle.runtime.binary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type definition as written (Binary.md, {@code deftype}). */
public sealed interface TypeAst {
  /** A name with a type: field, parameter, or case (null when it carries nothing). */
  record Labelled(String label, @Nullable TypeRef type) {}

  /** A primitive type under a new index. */
  record Alias(TypeRef type) implements TypeAst {}

  record RecordAst(List<Labelled> fields) implements TypeAst {}

  record VariantAst(List<Labelled> cases) implements TypeAst {}

  record ListAst(TypeRef element) implements TypeAst {}

  record FixedListAst(TypeRef element, int length) implements TypeAst {}

  record TupleAst(List<TypeRef> elements) implements TypeAst {}

  record FlagsAst(List<String> labels) implements TypeAst {}

  record EnumAst(List<String> labels) implements TypeAst {}

  record OptionAst(TypeRef some) implements TypeAst {}

  record ResultAst(@Nullable TypeRef ok, @Nullable TypeRef err) implements TypeAst {}

  record MapAst(TypeRef key, TypeRef value) implements TypeAst {}

  record OwnAst(int resource) implements TypeAst {}

  record BorrowAst(int resource) implements TypeAst {}

  record StreamAst(@Nullable TypeRef element) implements TypeAst {}

  record FutureAst(@Nullable TypeRef element) implements TypeAst {}

  /** A function. */
  record FuncAst(List<Labelled> parameters, @Nullable TypeRef result, boolean async)
      implements TypeAst {}

  /** A resource type; {@code destructor} is a core function or null. */
  record ResourceAst(@Nullable Integer destructor) implements TypeAst {}

  /** A component type: its declarators. */
  record ComponentAst(List<Definition> declarators) implements TypeAst {}

  /** An instance type: its declarators. */
  record InstanceAst(List<Definition> declarators) implements TypeAst {}
}
