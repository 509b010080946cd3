package io.wattle.runtime.engine.endive.split;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * What instructions whose types are fixed take from the operand stack and put there (core
 * specification, 3.4). Their names say it: {@code I64_EXTEND_I32_S} takes an i32 and gives an i64.
 */
record Effects(List<ValType> pops, List<ValType> pushes) {
  private static final String TYPE = "(I32|I64|F32|F64)";
  private static final Pattern LOAD = Pattern.compile(TYPE + "_LOAD.*");
  private static final Pattern STORE = Pattern.compile(TYPE + "_STORE.*");
  private static final Pattern TEST = Pattern.compile(TYPE + "_EQZ");
  private static final Pattern COMPARE = Pattern.compile(TYPE + "_(EQ|NE|[LG][TE](_[SU])?)");
  private static final Pattern CONVERT =
      Pattern.compile(
          TYPE
              + "_(CONVERT|TRUNC|TRUNC_SAT|REINTERPRET|EXTEND|WRAP|DEMOTE|PROMOTE)_"
              + TYPE
              + ".*");
  private static final Pattern UNARY =
      Pattern.compile(
          TYPE
              + "_(CLZ|CTZ|POPCNT|ABS|NEG|CEIL|FLOOR|TRUNC|NEAREST|SQRT"
              + "|EXTEND_8_S|EXTEND_16_S|EXTEND_32_S)");
  private static final Pattern BINARY =
      Pattern.compile(
          TYPE
              + "_(ADD|SUB|MUL|DIV(_[SU])?|REM_[SU]|AND|OR|XOR|SHL|SHR_[SU]|ROT[LR]"
              + "|MIN|MAX|COPYSIGN)");
  private static final Pattern CONST = Pattern.compile(TYPE + "_CONST");

  private static final Map<OpCode, Effects> KNOWN = new EnumMap<>(OpCode.class);

  static {
    for (OpCode opcode : OpCode.values()) {
      Effects effects = named(opcode.name());
      if (effects != null) {
        KNOWN.put(opcode, effects);
      }
    }
    KNOWN.put(OpCode.NOP, integers(0, 0));
    KNOWN.put(OpCode.MEMORY_SIZE, integers(0, 1));
    KNOWN.put(OpCode.MEMORY_GROW, integers(1, 1));
    KNOWN.put(OpCode.MEMORY_COPY, integers(3, 0));
    KNOWN.put(OpCode.MEMORY_FILL, integers(3, 0));
    KNOWN.put(OpCode.MEMORY_INIT, integers(3, 0));
    KNOWN.put(OpCode.DATA_DROP, integers(0, 0));
    KNOWN.put(OpCode.TABLE_SIZE, integers(0, 1));
    KNOWN.put(OpCode.TABLE_COPY, integers(3, 0));
    KNOWN.put(OpCode.TABLE_INIT, integers(3, 0));
    KNOWN.put(OpCode.ELEM_DROP, integers(0, 0));
  }

  /** The effects of an instruction, null when they depend on more than its name. */
  static @Nullable Effects of(OpCode opcode) {
    return KNOWN.get(opcode);
  }

  private static @Nullable Effects named(String name) {
    Matcher matcher = LOAD.matcher(name);
    if (matcher.matches()) {
      return new Effects(List.of(ValType.I32), List.of(type(matcher, 1)));
    }
    matcher = STORE.matcher(name);
    if (matcher.matches()) {
      return new Effects(List.of(ValType.I32, type(matcher, 1)), List.of());
    }
    matcher = TEST.matcher(name);
    if (matcher.matches()) {
      return new Effects(List.of(type(matcher, 1)), List.of(ValType.I32));
    }
    matcher = COMPARE.matcher(name);
    if (matcher.matches()) {
      return new Effects(Collections.nCopies(2, type(matcher, 1)), List.of(ValType.I32));
    }
    matcher = CONVERT.matcher(name);
    if (matcher.matches()) {
      return new Effects(List.of(type(matcher, 3)), List.of(type(matcher, 1)));
    }
    matcher = UNARY.matcher(name);
    if (matcher.matches()) {
      return new Effects(List.of(type(matcher, 1)), List.of(type(matcher, 1)));
    }
    matcher = BINARY.matcher(name);
    if (matcher.matches()) {
      return new Effects(Collections.nCopies(2, type(matcher, 1)), List.of(type(matcher, 1)));
    }
    matcher = CONST.matcher(name);
    return matcher.matches() ? new Effects(List.of(), List.of(type(matcher, 1))) : null;
  }

  private static Effects integers(int pops, int pushes) {
    return new Effects(
        Collections.nCopies(pops, ValType.I32), Collections.nCopies(pushes, ValType.I32));
  }

  private static ValType type(Matcher matcher, int group) {
    return switch (matcher.group(group)) {
      case "I32" -> ValType.I32;
      case "I64" -> ValType.I64;
      case "F32" -> ValType.F32;
      default -> ValType.F64;
    };
  }
}
