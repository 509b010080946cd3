package io.wattle.runtime.binary;

import io.wattle.wit.type.ValueType.Primitive;

/** A value type where it is used: primitive or an index into the type space. */
public sealed interface TypeRef {
  /** A primitive type. */
  record Prim(Primitive type) implements TypeRef {}

  /** A defined type. */
  record Index(int type) implements TypeRef {}
}
