package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import io.wattle.runtime.engine.endive.split.Node.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.CatchOpCode;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;

/**
 * From a tree back to a list of instructions, each with the indices it may lead to, as Endive's
 * parser annotates them.
 */
final class Emitter {
  private static final int NO_OPERANDS_CATCH_LABEL = 1;

  private final List<AnnotatedInstruction.Builder> out = new ArrayList<>();

  /** Addresses that those without labels had before, by index; others have 0. */
  private int[] origins = new int[0];

  private final List<Block> open = new ArrayList<>();

  /** Index that a branch to a block leads to: known for loops at once, else at the block's end. */
  private final Map<Block, Integer> found = new HashMap<>();

  private final List<Runnable> later = new ArrayList<>();

  /** One for all that are the same: vectors become many, and all of a module's are held at once. */
  private final Map<Same, AnnotatedInstruction.Builder> shared = new HashMap<>();

  private boolean afterPlain;

  /** What instructions without labels are told apart by. */
  private record Same(OpCode opcode, int operands, long operand, int depth) {}

  private Emitter() {}

  /**
   * A function's code.
   *
   * @param origins the addresses that its instructions without labels had before, by index; 0 or
   *     less for those that were added
   */
  record Emitted(FunctionBody body, int[] origins) {}

  static Emitted emit(Function function) {
    Emitter emitter = new Emitter();
    emitter.open.add(function.root);
    emitter.sequence(function.root.body);
    emitter.last(function.root);
    emitter.later.forEach(Runnable::run);
    int parameters = function.type.params().size();
    FunctionBody body =
        new FunctionBody(
            List.copyOf(function.locals.subList(parameters, function.locals.size())),
            emitter.built());
    return new Emitted(body, Arrays.copyOf(emitter.origins, emitter.out.size()));
  }

  private List<AnnotatedInstruction> built() {
    IdentityHashMap<AnnotatedInstruction.Builder, AnnotatedInstruction> built =
        new IdentityHashMap<>();
    List<AnnotatedInstruction> code = new ArrayList<>(out.size());
    for (AnnotatedInstruction.Builder each : out) {
      code.add(built.computeIfAbsent(each, AnnotatedInstruction.Builder::build));
    }
    return code;
  }

  /** Endive tells jumps forward from jumps back by addresses: they are numbered anew. */
  private Instruction next(OpCode opcode, long... operands) {
    return new Instruction(out.size(), opcode, operands);
  }

  private AnnotatedInstruction.Builder add(Instruction instruction, int depth) {
    AnnotatedInstruction.Builder builder =
        AnnotatedInstruction.builder().from(instruction).withDepth(depth);
    out.add(builder);
    afterPlain = false;
    return builder;
  }

  /** Jumps may lead behind other instructions: what is there keeps an address of its own. */
  private void plain(Instruction instruction) {
    if (!afterPlain || instruction.operandCount() > 1) {
      add(next(instruction.opcode(), instruction.operands()), depth());
    } else {
      int operands = instruction.operandCount();
      long operand = operands == 0 ? 0 : instruction.operand(0);
      out.add(
          shared.computeIfAbsent(
              new Same(instruction.opcode(), operands, operand, depth()),
              same ->
                  AnnotatedInstruction.builder()
                      .from(next(same.opcode, instruction.operands()))
                      .withDepth(same.depth)));
    }
    afterPlain = true;
    if (out.size() > origins.length) {
      origins = Arrays.copyOf(origins, out.size() * 2);
    }
    origins[out.size() - 1] = instruction.address();
  }

  private int depth() {
    return open.size() - 1;
  }

  private int label(Block target) {
    return open.size() - 1 - open.lastIndexOf(target);
  }

  private int address(Block target) {
    Integer index = found.get(target);
    if (index == null) {
      throw new IllegalStateException("a branch to a block that does not enclose it");
    }
    return index;
  }

  private void sequence(Sequence sequence) {
    for (Node node : sequence.nodes) {
      switch (node) {
        case Plain plain -> plain(plain.instruction());
        case Jump jump -> jump(jump);
        case Block block -> block(block);
      }
    }
  }

  private void jump(Jump jump) {
    Instruction old = jump.instruction();
    if (old.opcode() == OpCode.RETURN) {
      add(next(OpCode.RETURN), depth());
      return;
    }
    long[] labels = jump.targets().stream().mapToLong(this::label).toArray();
    AnnotatedInstruction.Builder builder = add(next(old.opcode(), operands(old, labels)), depth());
    if (old.opcode() == OpCode.BR_TABLE) {
      later.add(() -> builder.withLabelTable(jump.targets().stream().map(this::address).toList()));
      return;
    }
    if (!jump.leaves()) {
      builder.withLabelFalse(out.size());
    }
    later.add(() -> builder.withLabelTrue(address(jump.targets().getFirst())));
  }

  private static long[] operands(Instruction jump, long[] labels) {
    if (jump.opcode() != OpCode.BR_ON_CAST && jump.opcode() != OpCode.BR_ON_CAST_FAIL) {
      return labels;
    }
    long[] operands = jump.operands();
    operands[1] = labels[0];
    return operands;
  }

  private void block(Block block) {
    Instruction instruction =
        next(
            block.opcode(),
            block.opcode() == OpCode.TRY_TABLE ? relabelled(block) : block.instruction.operands());
    AnnotatedInstruction.Builder builder = add(instruction, depth() + 1).withScope(instruction);
    int inside = out.size();
    if (block.opcode() == OpCode.TRY_TABLE) {
      List<CatchOpCode.Catch> catches = CatchOpCode.decode(instruction.operands());
      builder.withCatches(catches);
      later.add(
          () -> {
            for (int i = 0; i < catches.size(); i++) {
              catches.get(i).resolvedLabel(address(block.handlers.get(i)));
            }
          });
    }
    if (block.opcode() == OpCode.LOOP) {
      found.put(block, inside);
    }
    open.add(block);
    sequence(block.body);
    int otherwise = -1;
    AnnotatedInstruction.Builder skip = null;
    if (block.otherwise != null) {
      skip = add(next(OpCode.ELSE), depth());
      otherwise = out.size();
      sequence(block.otherwise);
    }
    int end = out.size();
    add(next(OpCode.END), depth()).withScope(instruction);
    open.removeLast();
    if (block.opcode() != OpCode.LOOP) {
      found.put(block, end);
    }
    if (block.opcode() == OpCode.IF) {
      builder.withLabelTrue(inside).withLabelFalse(otherwise < 0 ? end : otherwise);
    }
    if (skip != null) {
      skip.withLabelTrue(end);
    }
  }

  private long[] relabelled(Block block) {
    long[] operands = block.instruction.operands();
    int next = 0;
    for (int i = 2; i < operands.length; i++) {
      CatchOpCode kind = CatchOpCode.byOpCode((int) operands[i]);
      i += kind == CatchOpCode.CATCH || kind == CatchOpCode.CATCH_REF ? 2 : NO_OPERANDS_CATCH_LABEL;
      operands[i] = label(block.handlers.get(next++));
    }
    return operands;
  }

  private void last(Block root) {
    found.put(root, out.size());
    Instruction end = next(OpCode.END);
    add(end, 0).withScope(end);
  }
}
