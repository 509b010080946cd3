package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.Lowered;
import io.wattle.runtime.engine.endive.split.Splitter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
   * @param address from the start of the module; 0 or less for what its author did not write
   */
  private record Point(String kind, int address) {}

  private static final Map<OpCode, String> KINDS = kinds();

  private final WasmModule author;
  private final Lowered lowered;
  private final Splitter.Result split;
  private final int imported;

  private TrapPoints(WasmModule author, Lowered lowered, Splitter.Result split) {
    this.author = author;
    this.lowered = lowered;
    this.split = split;
    this.imported = author.importSection().count(ExternalType.FUNCTION);
  }

  /**
   * Of a module that was compiled with debug information; of others nobody could tell lines.
   *
   * @param author as its author wrote it
   * @param lowered the same without vectors
   * @param split the same as Endive translates it
   */
  static Optional<TrapPoints> of(WasmModule author, Lowered lowered, Splitter.Result split) {
    return author.customSection(".debug_line") == null
        ? Optional.empty()
        : Optional.of(new TrapPoints(author, lowered, split));
  }

  /**
   * The addresses of a function's points.
   *
   * @param generated kinds, as {@link #kind(String, String)} says of the calls in its code
   * @return one for each, or null when the function is not translated one to one
   */
  int @Nullable [] addresses(int function, List<String> generated) {
    int index = split.parts().getOrDefault(function, function) - imported;
    if (index < 0 || index >= author.codeSection().functionBodyCount()) {
      return null;
    }
    FunctionBody body = author.codeSection().getFunctionBody(index);
    int[] origins = split.origins().get(function);
    if (origins != null) {
      if (!lowered.module().codeSection().getFunctionBody(index).equals(body)) {
        return null; // cut after it was written anew: the author's addresses are gone
      }
      body = split.module().codeSection().getFunctionBody(function - imported);
    }
    List<Point> points = points(body, origins);
    return points.stream().map(Point::kind).toList().equals(generated)
        ? points.stream().mapToInt(Point::address).toArray()
        : null;
  }

  /**
   * The points of a body.
   *
   * @param origins where its instructions were before it was written anew, null if it was not
   */
  private List<Point> points(FunctionBody body, int @Nullable [] origins) {
    List<Point> points = new ArrayList<>();
    int dead = -1;
    for (int i = 0; i < body.instructions().size(); i++) {
      AnnotatedInstruction instruction = body.instructions().get(i);
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
        Point point = new Point(kind, origins == null ? instruction.address() : origins[i]);
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

  private @Nullable String kind(AnnotatedInstruction instruction) {
    return switch (instruction.opcode()) {
      case CALL -> {
        int function = (int) instruction.operand(0);
        yield split.accessors().containsKey(function) ? null : "call " + function;
      }
      case CALL_INDIRECT -> "indirect " + instruction.operand(0);
      default -> KINDS.get(instruction.opcode());
    };
  }

  private static Map<OpCode, String> kinds() {
    Map<OpCode, String> kinds = new EnumMap<>(OpCode.class);
    for (OpCode opcode : OpCode.values()) {
      String name = opcode.name();
      if (ACCESS.matcher(name).matches()) {
        kinds.put(opcode, "access");
      } else if (ARITHMETIC.matcher(name).matches()) {
        kinds.put(opcode, name);
      }
    }
    kinds.put(OpCode.UNREACHABLE, "unreachable");
    for (OpCode bulk : List.of(OpCode.MEMORY_COPY, OpCode.MEMORY_FILL, OpCode.MEMORY_INIT)) {
      kinds.put(bulk, "bulk");
    }
    return kinds;
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
