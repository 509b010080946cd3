package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Operands;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import io.wattle.runtime.engine.endive.split.Node.Sequence;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Finds out what is known before each node of a function: the types on the operand stack, which
 * locals are live, and how many bytes of bytecode the node will take.
 */
final class Analysis {
  /** An instruction whose effect is not known here: the function cannot be cut. */
  static final class UnknownInstruction extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownInstruction(OpCode opcode) {
      super(opcode.name());
    }
  }

  private final Function function;
  private final Types types;
  private final Costs costs;
  private final int words;
  private boolean changed;

  private Analysis(Function function, Types types) {
    this.function = function;
    this.types = types;
    this.costs = new Costs(function);
    this.words = (function.locals.size() + 63) / 64;
  }

  /**
   * Fills in what is known and gives the size of the whole in bytes.
   *
   * @throws UnknownInstruction when the function has one whose effect is not known here
   */
  static int run(Function function, Types types) throws UnknownInstruction {
    Analysis analysis = new Analysis(function, types);
    int bytes = analysis.type(function.root.body, Operands.EMPTY) + analysis.costs.frame();
    function.root.liveAtTarget = new long[analysis.words];
    analysis.clear(function.root);
    do {
      analysis.changed = false;
      analysis.live(function.root.body, new long[analysis.words]);
    } while (analysis.changed);
    return bytes;
  }

  // --- operands and bytes

  private int type(Sequence sequence, Operands before) throws UnknownInstruction {
    int count = sequence.nodes.size();
    sequence.operands = new Operands[count + 1];
    sequence.bytes = new int[count];
    sequence.lowest = new int[count];
    @Nullable Operands stack = before;
    int sum = 0;
    for (int i = 0; i < count; i++) {
      if (stack == null) {
        throw new IllegalStateException("code after a branch was not left out");
      }
      sequence.operands[i] = stack;
      Node node = sequence.nodes.get(i);
      sequence.bytes[i] = costs.of(node, stack, types);
      switch (node) {
        case Block block -> {
          Operands inside = block.opcode() == OpCode.IF ? stack.pop(1) : stack;
          Operands below = inside.pop(block.parameters.size());
          block.base = below.height();
          sequence.lowest[i] = block.base;
          sequence.bytes[i] += type(block.body, inside);
          if (block.otherwise != null) {
            sequence.bytes[i] += type(block.otherwise, inside);
          }
          stack = below.push(block.results);
        }
        case Jump jump -> {
          int pops = pops(jump);
          sequence.lowest[i] = stack.height() - pops;
          stack = jump.leaves() ? null : stack.pop(1);
        }
        case Plain plain -> {
          Change change = change(plain.instruction(), stack);
          sequence.lowest[i] = stack.height() - change.pops;
          Operands left = stack.pop(change.pops);
          stack = plain.leaves() ? null : left.push(change.pushes);
        }
      }
      sum += sequence.bytes[i];
    }
    sequence.operands[count] = stack;
    return sum;
  }

  private static int pops(Jump jump) throws UnknownInstruction {
    int carried = 0;
    for (Block target : jump.targets()) {
      carried = Math.max(carried, target.carried().size());
    }
    return switch (jump.instruction().opcode()) {
      case BR_IF, BR_TABLE -> carried + 1;
      case BR, RETURN -> carried;
      default -> throw new UnknownInstruction(jump.instruction().opcode());
    };
  }

  /** What an instruction takes and gives, by number and by type. */
  private record Change(int pops, List<ValType> pushes) {
    Change(int pops, ValType... pushes) {
      this(pops, List.of(pushes));
    }

    static Change call(FunctionType type, int index) {
      return new Change(type.params().size() + index, type.returns());
    }
  }

  private Change change(Instruction instruction, Operands stack) throws UnknownInstruction {
    OpCode opcode = instruction.opcode();
    Effects effects = Effects.of(opcode);
    if (effects != null) {
      return new Change(effects.pops().size(), effects.pushes());
    }
    return switch (opcode) {
      case UNREACHABLE -> new Change(0);
      case THROW, THROW_REF, RETURN_CALL, RETURN_CALL_INDIRECT -> new Change(stack.height());
      case DROP, LOCAL_SET, GLOBAL_SET -> new Change(1);
      case SELECT, SELECT_T -> new Change(3, stack.pop(2).type());
      case LOCAL_GET -> new Change(0, local(instruction));
      case LOCAL_TEE -> new Change(1, local(instruction));
      case GLOBAL_GET -> new Change(0, types.global((int) instruction.operand(0)));
      case TABLE_GET -> new Change(1, types.table((int) instruction.operand(0)));
      case TABLE_SET -> new Change(2);
      case TABLE_GROW -> new Change(2, ValType.I32);
      case TABLE_FILL -> new Change(3);
      case REF_NULL -> new Change(0, types.nullOf(instruction.operand(0)));
      case REF_FUNC -> new Change(0, ValType.FuncRef);
      case REF_IS_NULL -> new Change(1, ValType.I32);
      case CALL -> Change.call(types.function((int) instruction.operand(0)), 0);
      case CALL_INDIRECT -> Change.call(types.type((int) instruction.operand(0)), 1);
      default -> throw new UnknownInstruction(opcode);
    };
  }

  private ValType local(Instruction instruction) {
    return function.locals.get((int) instruction.operand(0));
  }

  // --- live locals: backwards, again until no loop's head changes

  private void clear(Block block) {
    block.liveAtTarget = new long[words];
    clear(block.body);
    if (block.otherwise != null) {
      clear(block.otherwise);
    }
  }

  private void clear(Sequence sequence) {
    for (Node node : sequence.nodes) {
      if (node instanceof Block block) {
        clear(block);
      }
    }
  }

  private long[] live(Sequence sequence, long[] after) {
    int count = sequence.nodes.size();
    if (sequence.live.length != count + 1) {
      sequence.live = new long[count + 1][];
    }
    long[] live = after;
    sequence.live[count] = live;
    for (int i = count - 1; i >= 0; i--) {
      live = before(sequence.nodes.get(i), live);
      sequence.live[i] = live;
    }
    return live;
  }

  private long[] before(Node node, long[] after) {
    return switch (node) {
      case Plain plain -> before(plain, after);
      case Jump jump -> {
        long[] live = new long[words];
        if (!jump.leaves()) {
          add(live, after);
        }
        jump.targets().forEach(target -> add(live, target.liveAtTarget));
        yield live;
      }
      case Block block -> before(block, after);
    };
  }

  private static long[] before(Plain plain, long[] after) {
    Instruction instruction = plain.instruction();
    return switch (instruction.opcode()) {
      case LOCAL_GET -> with((int) instruction.operand(0), true, after);
      case LOCAL_SET, LOCAL_TEE -> with((int) instruction.operand(0), false, after);
      default -> plain.leaves() ? new long[after.length] : after;
    };
  }

  private long[] before(Block block, long[] after) {
    return switch (block.opcode()) {
      case LOOP -> {
        long[] live = live(block.body, after);
        for (int i = 0; i < words; i++) {
          if ((live[i] & ~block.liveAtTarget[i]) != 0) {
            block.liveAtTarget[i] |= live[i];
            changed = true;
          }
        }
        yield block.liveAtTarget.clone();
      }
      case IF -> {
        block.liveAtTarget = after;
        long[] live = live(block.body, after).clone();
        add(live, block.otherwise == null ? after : live(block.otherwise, after));
        yield live;
      }
      default -> {
        block.liveAtTarget = after;
        long[] live = live(block.body, after);
        if (!block.handlers.isEmpty()) {
          // Whatever it calls may throw before it has set anything.
          live = live.clone();
          for (Block handler : block.handlers) {
            add(live, handler.liveAtTarget);
          }
        }
        yield live;
      }
    };
  }

  private static long[] with(int local, boolean value, long[] live) {
    long bit = 1L << local;
    if ((live[local >> 6] & bit) != 0 == value) {
      return live;
    }
    long[] result = Arrays.copyOf(live, live.length);
    result[local >> 6] ^= bit;
    return result;
  }

  private static void add(long[] to, long[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] |= from[i];
    }
  }

  /** What unwinding to a label leaves on the stack must go: how many values. */
  static int dropped(Block target, Operands stack, List<ValType> carried) {
    return Math.max(0, stack.height() - target.base - carried.size());
  }
}
