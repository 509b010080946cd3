package io.wattle.runtime.binary;

import io.wattle.runtime.engine.CoreValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A definition of a component, or a declarator of a component or instance type, as written
 * (Binary.md). {@code offset} is where it starts in the binary.
 */
public sealed interface Definition {
  int offset();

  /** A core module: the bytes {@code [start, end)} of the binary. */
  record Module(int offset, int start, int end) implements Definition {}

  record CoreInstantiate(int offset, int module, List<CoreArg> args) implements Definition {}

  /** A core instance to satisfy the imports from a module name with. */
  record CoreArg(String name, int instance) {}

  record CoreInlineInstance(int offset, List<Named> exports) implements Definition {}

  /** Something by sort and index under a name. */
  record Named(ExternNameAst label, Sort sort, int index) {
    public String name() {
      return label.name();
    }
  }

  record CoreType(int offset, CoreTypeAst type) implements Definition {}

  /** A nested component. */
  record Nested(int offset, ParsedComponent component) implements Definition {}

  record Instantiate(int offset, int component, List<Named> args) implements Definition {}

  record InlineInstance(int offset, List<Named> exports) implements Definition {}

  record AliasExport(int offset, Sort sort, int instance, String name) implements Definition {}

  record AliasCoreExport(int offset, Sort sort, int instance, String name) implements Definition {}

  record AliasOuter(int offset, Sort sort, int count, int index) implements Definition {}

  record Type(int offset, TypeAst type) implements Definition {}

  record Lift(int offset, int coreFunc, CanonOptions options, int type) implements Definition {}

  record Lower(int offset, int func, CanonOptions options) implements Definition {}

  record ResourceNew(int offset, int type) implements Definition {}

  record ResourceDrop(int offset, int type) implements Definition {}

  record ResourceRep(int offset, int type) implements Definition {}

  /**
   * A built-in of the concurrency features.
   *
   * @param flag whether it is {@code async} or {@code cancellable}, where that is said without
   *     options
   * @param type a component-level or core type, -1 where none is named
   * @param index a core memory, table, type or slot, -1 where none is named
   * @param result of {@code task.return}
   * @param value of {@code context}
   */
  record AsyncBuiltin(
      int offset,
      AsyncOp op,
      boolean flag,
      int type,
      int index,
      CanonOptions options,
      @Nullable TypeRef result,
      @Nullable CoreValueType value)
      implements Definition {}

  /** A start function or value, behind a feature gate that is not supported. */
  record Gated(int offset, String what) implements Definition {}

  record Import(int offset, ExternNameAst label, ExternDesc desc) implements Definition {
    public String name() {
      return label.name();
    }
  }

  record Export(int offset, ExternNameAst label, Sort sort, int index, @Nullable ExternDesc desc)
      implements Definition {
    public String name() {
      return label.name();
    }
  }

  /** An export of a component or instance type. */
  record ExportDecl(int offset, ExternNameAst label, ExternDesc desc) implements Definition {
    public String name() {
      return label.name();
    }
  }
}
