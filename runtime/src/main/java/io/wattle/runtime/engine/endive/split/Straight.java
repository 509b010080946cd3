package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Plain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Straight-line code that takes values from the operand stack and uses each as often as it likes,
 * in its own order. Values that were put there just before by reading a local, or as constants, are
 * read when they are used instead. Of the others those that are used first, in the order in which
 * they lie there, stay; the rest go by way of locals.
 */
final class Straight {
  private sealed interface Step {
    /** Puts a value on the stack. */
    record Use(int value) implements Step {}

    /** Takes what is uppermost as a value. */
    record Keep(int value) implements Step {}

    record Do(Plain node) implements Step {}
  }

  private final Function function;
  private final List<Node> to;
  private final List<ValType> types;
  private final int count;

  /** What puts each value on the stack, null for one that lies there. */
  private final List<@Nullable Plain> sources = new ArrayList<>();

  private final List<Integer> uses = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();

  /** Locals that hold something until the end. */
  private final Set<Integer> held = new HashSet<>();

  /**
   * @param function whose locals it may add to
   * @param to the code before
   * @param taken types of the values on the stack, numbered from the lowest
   */
  Straight(Function function, List<Node> to, List<ValType> taken) {
    this.function = function;
    this.to = to;
    this.types = new ArrayList<>(taken);
    this.count = taken.size();
    boolean isOnStack = false;
    for (int i = 0; i < taken.size(); i++) {
      Plain source = isOnStack ? null : read();
      isOnStack = source == null;
      sources.addFirst(source);
      uses.add(0);
    }
  }

  /** What the code before does last, if it can be done later as well. */
  private @Nullable Plain read() {
    if (to.isEmpty() || !(to.getLast() instanceof Plain plain)) {
      return null;
    }
    Instruction instruction = plain.instruction();
    return switch (instruction.opcode()) {
      case LOCAL_GET -> {
        held.add((int) instruction.operand(0));
        yield (Plain) to.removeLast();
      }
      case I32_CONST, I64_CONST, F32_CONST, F64_CONST -> (Plain) to.removeLast();
      default -> null;
    };
  }

  void use(int value) {
    uses.set(value, uses.get(value) + 1);
    steps.add(new Step.Use(value));
  }

  void add(OpCode opcode, long... operands) {
    steps.add(new Step.Do(plain(opcode, operands)));
  }

  /** Takes what is uppermost by then as one more value, and gives its number. */
  int keep(ValType type) {
    int value = types.size();
    types.add(type);
    sources.add(null);
    uses.add(0);
    steps.add(new Step.Keep(value));
    return value;
  }

  static Plain plain(OpCode opcode, long... operands) {
    return new Plain(new Instruction(0, opcode, operands));
  }

  /** Writes it. */
  void finish() {
    int from = stay();
    for (int i = 0; i < steps.size(); i++) {
      switch (steps.get(i)) {
        case Step.Do step -> to.add(step.node);
        case Step.Use(int value) -> {
          if (i >= from) {
            write(sources.get(value));
          }
        }
        case Step.Keep(int value) -> {
          boolean isNext = i + 1 < steps.size() && steps.get(i + 1).equals(new Step.Use(value));
          if (isNext && uses.get(value) == 1) {
            i++;
          } else {
            put(value);
          }
        }
      }
    }
  }

  /** Takes from the stack what cannot stay there; gives the first step that is still to be done. */
  private int stay() {
    int taken = 0;
    while (taken < count && sources.get(taken) == null) {
      taken++;
    }
    int stays = 0;
    while (stays < taken
        && stays < steps.size()
        && steps.get(stays).equals(new Step.Use(stays))
        && uses.get(stays) == 1) {
      stays++;
    }
    for (int value = taken - 1; value >= stays; value--) {
      put(value);
    }
    return stays;
  }

  /** Moves what is uppermost into a local, if it is used. */
  private void put(int value) {
    if (uses.get(value) == 0) {
      to.add(plain(OpCode.DROP, 0));
      return;
    }
    int local = function.spare(types.get(value), held);
    held.add(local);
    to.add(plain(OpCode.LOCAL_SET, local));
    sources.set(value, plain(OpCode.LOCAL_GET, local));
  }

  private void write(@Nullable Plain source) {
    if (source == null) {
      throw new IllegalStateException("a value is used before it is there");
    }
    Instruction instruction = source.instruction();
    if (instruction.opcode() == OpCode.LOCAL_GET
        && !to.isEmpty()
        && to.getLast() instanceof Plain(Instruction last)
        && last.opcode() == OpCode.LOCAL_SET
        && last.operand(0) == instruction.operand(0)) {
      to.removeLast();
      to.add(plain(OpCode.LOCAL_TEE, last.operand(0)));
    } else {
      to.add(source);
    }
  }
}
