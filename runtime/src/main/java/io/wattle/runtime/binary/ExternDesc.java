package io.wattle.runtime.binary;

/** What an import or export is declared as (Binary.md, {@code externtype}). */
public sealed interface ExternDesc {
  /** A core module of a core type. */
  record Module(int coreType) implements ExternDesc {}

  /** A function of a type. */
  record Func(int type) implements ExternDesc {}

  /** A type equal to another. */
  record TypeEq(int type) implements ExternDesc {}

  /** A resource of which nothing else is known. */
  record SubResource() implements ExternDesc {}

  /** A component of a type. */
  record Component(int type) implements ExternDesc {}

  /** An instance of a type. */
  record Instance(int type) implements ExternDesc {}
}
