package io.wattle.runtime.engine.endive;

import static io.wattle.runtime.engine.endive.WideOperands.ADDRESS;
import static io.wattle.runtime.engine.endive.WideOperands.I32;
import static io.wattle.runtime.engine.endive.WideOperands.I64;

import io.wattle.runtime.engine.endive.WideOperands.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import run.endive.wasm.InvalidException;
import run.endive.wasm.MalformedException;

/**
 * A function's body in which memories and tables have addresses of 32 bits. An address of 64 bits
 * that fits is cut down to 32, any other becomes the highest there is, at which no memory and no
 * table has anything, however small the offset: so it traps where it did, as it did. What lies
 * above it on the stack waits in locals behind the author's. Each instruction takes values of the
 * same types as before, so the function is valid if it was, and only then.
 */
final class NarrowCode {
  private static final long HIGHEST = 0xffff_ffffL;
  private static final int MANY_LOCALS = 1 << 20;
  private static final int MEMORY_FLAG = 0x40;

  private static final int CALL_INDIRECT = 0x11;
  private static final int RETURN_CALL_INDIRECT = 0x13;
  private static final int LOCAL_GET = 0x20;
  private static final int LOCAL_SET = 0x21;
  private static final int LOCAL_TEE = 0x22;
  private static final int TABLE_GET = 0x25;
  private static final int TABLE_SET = 0x26;
  private static final int MEMORY_SIZE = 0x3f;
  private static final int MEMORY_GROW = 0x40;
  private static final int I32_CONST = 0x41;
  private static final int I64_CONST = 0x42;
  private static final int I64_GT_U = 0x56;
  private static final int I32_SUB = 0x6b;
  private static final int I32_OR = 0x72;
  private static final int I32_WRAP_I64 = 0xa7;
  private static final int I64_EXTEND_I32_S = 0xac;
  private static final int I64_EXTEND_I32_U = 0xad;
  private static final int MEMORY_INIT = 0xfc08;
  private static final int MEMORY_COPY = 0xfc0a;
  private static final int MEMORY_FILL = 0xfc0b;
  private static final int TABLE_INIT = 0xfc0c;
  private static final int TABLE_COPY = 0xfc0e;
  private static final int TABLE_GROW = 0xfc0f;
  private static final int TABLE_SIZE = 0xfc10;
  private static final int TABLE_FILL = 0xfc11;

  private final byte[] wasm;
  private final Instructions in;
  private final Declarations declared;

  /** Parameters; -1 where they are not known: such a function is not valid. */
  private final int parameters;

  /** Locals that were added, by type and number. */
  private final Map<Local, Integer> added = new LinkedHashMap<>();

  private Rewriter out;
  private int locals;
  private boolean changed;

  /** The instruction before, as long as nothing has been written in its place. */
  private Previous previous = Previous.NONE;

  /** Where instructions begin that were moved, and how far into the code they are now. */
  private final List<int[]> places = new ArrayList<>();

  private int start;
  private int first;
  private int header;

  private record Local(String type, int number) {}

  private record Previous(int begin, int end, int opcode) {
    static final Previous NONE = new Previous(-1, -1, -1);
  }

  NarrowCode(byte[] wasm, Instructions in, Declarations declared, int parameters) {
    this.wasm = wasm;
    this.in = in;
    this.declared = declared;
    this.parameters = parameters;
    this.out = new Rewriter(wasm, in.at());
  }

  /** What an address becomes. */
  static int saturated(long address) {
    return Long.compareUnsigned(address, HIGHEST) > 0 ? (int) HIGHEST : (int) address;
  }

  /** Whether anything was not as Endive takes it. */
  boolean changed() {
    return changed;
  }

  /** The body that begins here, written anew without its size. */
  byte[] written(int end) {
    start = in.at();
    int groups = in.leb();
    int types = in.at();
    long declaredLocals = parameters;
    for (int left = groups; left > 0; left--) {
      declaredLocals += in.unsigned(Integer.SIZE);
      in.value();
    }
    if (declaredLocals > MANY_LOCALS) {
      throw new InvalidException("too many locals: " + declaredLocals);
    }
    locals = (int) declaredLocals;
    first = in.at();
    out = new Rewriter(wasm, first);
    while (in.at() < end) {
      instruction();
    }
    if (in.at() != end) {
      throw new MalformedException("END opcode expected, section size mismatch");
    }
    byte[] code = out.upTo(end).written();
    Rewriter whole = new Rewriter(wasm, types).unsigned(groups + added.size()).upTo(first);
    added.keySet().forEach(local -> whole.bytes(1).bytes(local.type));
    header = whole.size();
    return whole.bytes(code).written();
  }

  /**
   * Says where everything is now.
   *
   * @param codeStart where the author's code section begins
   * @param at where the body begins in the one that is written
   */
  void moved(Moves moves, int codeStart, int at) {
    moves.add(start - codeStart, at);
    moves.add(first - codeStart, at + header);
    for (int[] place : places) {
      moves.add(place[0] - codeStart, at + header + place[1]);
    }
  }

  private int local(String type, int number) {
    return added.computeIfAbsent(new Local(type, number), _ -> locals + added.size());
  }

  private void instruction() {
    int begin = in.at();
    int opcode = in.instruction((code, place, operand) -> {});
    int end = in.at();
    in.at(begin);
    if (in.u8() >= 0xfb) {
      var _ = in.leb();
    }
    boolean rewritten = parameters >= 0 && rewrite(opcode, begin, end);
    in.at(end);
    if (rewritten) {
      changed = true;
      places.add(new int[] {end, out.upTo(end).size()});
    }
    previous = rewritten ? Previous.NONE : new Previous(begin, end, opcode);
  }

  /** Writes an instruction anew, which is at its operands; whether there was need to. */
  private boolean rewrite(int opcode, int begin, int end) {
    return switch (opcode) {
      case LOCAL_GET, LOCAL_SET, LOCAL_TEE -> {
        long local = in.unsigned(Integer.SIZE);
        if (local >= locals) {
          throw new InvalidException("unknown local " + local);
        }
        yield false;
      }
      case MEMORY_SIZE -> sized(declared.isWideMemory(in.leb()), end);
      case MEMORY_GROW -> grown(declared.isWideMemory(in.leb()), begin, end);
      case MEMORY_FILL -> {
        boolean wide = declared.isWideMemory(in.leb());
        yield wide && operands(begin, List.of(ADDRESS, WideOperands.plain(I32), ADDRESS));
      }
      case MEMORY_INIT -> {
        var _ = in.leb();
        yield initialized(declared.isWideMemory(in.leb()), begin);
      }
      case MEMORY_COPY ->
          copied(declared.isWideMemory(in.leb()), declared.isWideMemory(in.leb()), begin);
      case TABLE_GET -> declared.isWideTable(in.leb()) && operands(begin, List.of(ADDRESS));
      case TABLE_SET -> {
        int table = in.leb();
        yield declared.isWideTable(table) && operands(begin, List.of(ADDRESS, element(table)));
      }
      case TABLE_SIZE -> sized(declared.isWideTable(in.leb()), end);
      case TABLE_GROW -> grown(declared.isWideTable(in.leb()), begin, end);
      case TABLE_FILL -> {
        int table = in.leb();
        yield declared.isWideTable(table)
            && operands(begin, List.of(ADDRESS, element(table), ADDRESS));
      }
      case TABLE_INIT -> {
        var _ = in.leb();
        yield initialized(declared.isWideTable(in.leb()), begin);
      }
      case TABLE_COPY ->
          copied(declared.isWideTable(in.leb()), declared.isWideTable(in.leb()), begin);
      case CALL_INDIRECT, RETURN_CALL_INDIRECT -> {
        var _ = in.leb();
        yield declared.isWideTable(in.leb()) && operands(begin, List.of(ADDRESS));
      }
      default -> {
        if (opcode >= Instructions.WIDE_ARITHMETIC && opcode < Instructions.WIDE_ARITHMETIC + 4) {
          out.upTo(begin);
          new WideArithmetic(out, number -> local(I64, number)).write(opcode);
          out.skipTo(end);
          yield true;
        }
        yield WideOperands.isAccess(opcode) && access(opcode, begin, end);
      }
    };
  }

  private Operand element(int table) {
    return WideOperands.plain(declared.elements.get(table));
  }

  /** Core specification, 5.4.6 "memarg": flags, a memory if they say so, an offset. */
  private boolean access(int opcode, int begin, int end) {
    int flags = in.leb();
    long memory = (flags & MEMORY_FLAG) != 0 ? in.unsigned(Integer.SIZE) : 0;
    if (!declared.isWideMemory(memory)) {
      return false;
    }
    int place = in.at();
    int offset = saturated(in.unsigned(Long.SIZE));
    var _ = operands(begin, WideOperands.ofAccess(opcode));
    out.upTo(place).unsigned(offset).skipTo(in.at()).upTo(end);
    return true;
  }

  private boolean sized(boolean wide, int end) {
    if (wide) {
      out.upTo(end).bytes(I64_EXTEND_I32_U);
    }
    return wide;
  }

  /** It says -1 where there is no room. */
  private boolean grown(boolean wide, int begin, int end) {
    if (wide) {
      var _ = operands(begin, List.of(ADDRESS));
      out.upTo(end).bytes(I64_EXTEND_I32_S);
    }
    return wide;
  }

  /** From a segment, of which addresses are i32. */
  private boolean initialized(boolean wide, int begin) {
    Operand plain = WideOperands.plain(I32);
    return wide && operands(begin, List.of(ADDRESS, plain, plain));
  }

  private boolean copied(boolean to, boolean from, int begin) {
    return (to || from)
        && operands(
            begin,
            List.of(
                WideOperands.address(to),
                WideOperands.address(from),
                WideOperands.address(to && from)));
  }

  /** Makes addresses of 32 bits of those that an instruction takes, which is copied then. */
  private boolean operands(int begin, List<Operand> all) {
    int lowest = all.indexOf(ADDRESS);
    List<Operand> above = all.subList(lowest + 1, all.size());
    if (above.isEmpty()) {
      top(begin);
      return true;
    }
    out.upTo(begin);
    Map<String, Integer> numbers = new HashMap<>(Map.of(I64, 1)); // the first is for addresses
    List<Integer> spilled = new ArrayList<>();
    for (Operand each : above.reversed()) {
      int place = local(each.type(), numbers.merge(each.type(), 1, Integer::sum) - 1);
      out.bytes(LOCAL_SET).unsigned(place);
      spilled.add(place);
    }
    saturate();
    for (int i = 0; i < above.size(); i++) {
      int place = spilled.get(above.size() - 1 - i);
      out.bytes(LOCAL_GET).unsigned(place);
      if (above.get(i).isAddress()) {
        saturate(place);
      }
    }
    return true;
  }

  /** The address that is on top, which may come from something shorter. */
  private void top(int begin) {
    boolean follows = previous.end == begin && out.at() <= previous.begin;
    if (follows && previous.opcode == I64_EXTEND_I32_U) {
      out.upTo(previous.begin).skipTo(begin);
    } else if (follows && previous.opcode == I64_CONST) {
      int here = in.at();
      in.at(previous.begin + 1);
      int address = saturated(in.signed64());
      in.at(here);
      out.upTo(previous.begin).bytes(I32_CONST).signed(address).skipTo(begin);
    } else if (follows && previous.opcode == LOCAL_GET) {
      int here = in.at();
      in.at(previous.begin + 1);
      int local = in.leb();
      in.at(here);
      out.upTo(begin);
      saturate(local);
    } else {
      out.upTo(begin);
      saturate();
    }
  }

  private void saturate() {
    int address = local(I64, 0);
    out.bytes(LOCAL_SET).unsigned(address).bytes(LOCAL_GET).unsigned(address);
    saturate(address);
  }

  /** Of an address that is on top and in a local too: all bits are set if it is too large. */
  private void saturate(int local) {
    out.bytes(I32_WRAP_I64, I32_CONST, 0, LOCAL_GET)
        .unsigned(local)
        .bytes(I64_CONST)
        .signed(HIGHEST)
        .bytes(I64_GT_U, I32_SUB, I32_OR);
  }
}
