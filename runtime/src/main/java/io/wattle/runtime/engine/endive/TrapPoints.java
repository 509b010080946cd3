package io.wattle.runtime.engine.endive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.ExternalType;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.OpCode;

/**
 * Which instructions of a function may trap or call, in the order in which Endive translates them.
 * The same is read off the generated code; where both agree, each call in there has its
 * instruction. Where they do not, nothing is claimed.
 */
final class TrapPoints {
  private static final Pattern ACCESS =
      Pattern.compile("[IF](32|64)_(LOAD|STORE)(8|16|32)?(_[SU])?|V128_(LOAD|STORE).*");
  private static final Pattern ARITHMETIC =
      Pattern.compile("I(32|64)_(DIV|REM)_[SU]|I(32|64)_TRUNC_F(32|64)_[SU]");
  private static final Set<OpCode> NO_RETURN =
      Set.of(
          OpCode.UNREACHABLE,
          OpCode.RETURN,
          OpCode.RETURN_CALL,
          OpCode.RETURN_CALL_INDIRECT,
          OpCode.RETURN_CALL_REF,
          OpCode.BR,
          OpCode.BR_TABLE,
          OpCode.THROW,
          OpCode.THROW_REF);

  /**
   * One of them.
   *
   * @param kind comparable between Wasm and generated code
   * @param address from the start of the module
   */
  private record Point(String kind, int address) {}

  private final WasmModule module;
  private final int imported;

  private TrapPoints(WasmModule module) {
    this.module = module;
    this.imported = module.importSection().count(ExternalType.FUNCTION);
  }

  /** Of a module that was compiled with debug information; of others nobody could tell lines. */
  static Optional<TrapPoints> of(WasmModule module) {
    return module.customSection(".debug_line") == null
        ? Optional.empty()
        : Optional.of(new TrapPoints(module));
  }

  /**
   * The addresses of a function's points.
   *
   * @param generated kinds, as {@link #kind(String, String)} says of the calls in its code
   * @return one for each, or null when the function is not translated one to one
   */
  int @Nullable [] addresses(int function, List<String> generated) {
    int index = function - imported;
    if (index < 0 || index >= module.codeSection().functionBodyCount()) {
      return null;
    }
    List<Point> points = points(module.codeSection().getFunctionBody(index));
    return points.stream().map(Point::kind).toList().equals(generated)
        ? points.stream().mapToInt(Point::address).toArray()
        : null;
  }

  private static List<Point> points(FunctionBody body) {
    List<Point> points = new ArrayList<>();
    int dead = -1;
    for (AnnotatedInstruction instruction : body.instructions()) {
      OpCode opcode = instruction.opcode();
      if (dead >= 0) {
        boolean ends = opcode == OpCode.ELSE || opcode == OpCode.END;
        if (!ends || instruction.depth() > dead) {
          continue;
        }
        dead = -1;
      }
      String kind = kind(instruction);
      if (kind != null) {
        Point point = new Point(kind, instruction.address());
        points.addAll(Collections.nCopies(isPair(opcode) ? 2 : 1, point));
      }
      if (NO_RETURN.contains(opcode)) {
        dead = instruction.depth();
      }
    }
    return points;
  }

  /** Whether it is written as two accesses, of the halves of a vector. */
  private static boolean isPair(OpCode opcode) {
    return opcode == OpCode.V128_LOAD || opcode == OpCode.V128_STORE;
  }

  private static @Nullable String kind(AnnotatedInstruction instruction) {
    String name = instruction.opcode().name();
    return switch (instruction.opcode()) {
      case UNREACHABLE -> "unreachable";
      case CALL -> "call " + instruction.operand(0);
      case CALL_INDIRECT -> "indirect " + instruction.operand(0);
      case MEMORY_COPY, MEMORY_FILL, MEMORY_INIT -> "bulk";
      default ->
          ACCESS.matcher(name).matches()
              ? "access"
              : ARITHMETIC.matcher(name).matches() ? name : null;
    };
  }

  /** The kind of a call in generated code, null for one that cannot trap. */
  static @Nullable String kind(String owner, String method) {
    if (method.startsWith("func_")) {
      return "call " + method.substring(5);
    }
    if (method.startsWith("call_indirect_")) {
      return "indirect " + method.substring(14);
    }
    return switch (method) {
      case "throwTrapException" -> "unreachable";
      case "memoryCopy", "memoryFill", "memoryInit" -> "bulk";
      default ->
          method.startsWith("memoryRead") || method.startsWith("memoryWrite")
              ? "access"
              : owner.endsWith("OpcodeImpl") && ARITHMETIC.matcher(method).matches()
                  ? method
                  : null;
    };
  }
}
