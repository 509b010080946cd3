package io.wattle.runtime.binary;

import io.wattle.runtime.engine.CoreExternType;
import java.util.List;

/** A core type definition as written (Binary.md, {@code core:deftype}). */
public sealed interface CoreTypeAst {
  /** A function type. */
  record Func(CoreExternType.Func type) implements CoreTypeAst {}

  /** A struct or array type: components have no use for it. */
  record Opaque() implements CoreTypeAst {}

  /** Types that may refer to each other: each gets an index. */
  record Group(List<CoreTypeAst> types) implements CoreTypeAst {}

  /** A module type: its declarators. */
  record Module(List<Declarator> declarators) implements CoreTypeAst {}

  /** A part of a module type. */
  sealed interface Declarator {}

  /** Something the module needs. */
  record Import(String module, String name, Desc desc) implements Declarator {}

  /** A type used by later declarators. */
  record Type(CoreTypeAst type) implements Declarator {}

  /** A core type of an enclosing scope. */
  record OuterAlias(int count, int index) implements Declarator {}

  /** Something the module gives. */
  record Export(String name, Desc desc) implements Declarator {}

  /** The type of an import or export: with a function type by index, or known at once. */
  sealed interface Desc {}

  /** A function of a declared type. */
  record FuncDesc(int type) implements Desc {}

  /** A tag of a declared type. */
  record TagDesc(int type) implements Desc {}

  /** A table, memory or global. */
  record Direct(CoreExternType type) implements Desc {}
}
