package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import io.wattle.runtime.engine.endive.split.Node.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Takes parameters from blocks that branches leave: they go by way of locals. Endive 1.0.0 counts
 * them among what lies below the block, so that a branch out of it drops too little: {@code
 * (i32.const 5) (i32.const 1) (block (param i32) (br 0))} gives 1. Loops are right, since branches
 * to them bring their parameters.
 */
final class BlockParameters {
  private final Function function;
  private final Types types;
  private final Set<Block> left = new HashSet<>();
  private final Map<Block, Block> replaced = new HashMap<>();

  private BlockParameters(Function function, Types types) {
    this.function = function;
    this.types = types;
  }

  /** Whether a function has blocks with parameters that are no loops. */
  static boolean are(FunctionBody body, Types types) {
    for (Instruction each : body.instructions()) {
      switch (each.opcode()) {
        case BLOCK, IF, TRY_TABLE -> {
          if (types.hasParameters(each.operand(0))) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  /**
   * Changes a function where it must be.
   *
   * @return whether it was changed
   */
  static boolean mend(Function function, Types types) {
    BlockParameters parameters = new BlockParameters(function, types);
    parameters.find(function.root.body);
    if (parameters.left.isEmpty()) {
      return false;
    }
    parameters.replace(function.root.body);
    parameters.retarget(function.root.body);
    return true;
  }

  private void find(Sequence sequence) {
    for (Node node : sequence.nodes) {
      switch (node) {
        case Block block -> {
          block.handlers.forEach(this::leaves);
          find(block.body);
          if (block.otherwise != null) {
            find(block.otherwise);
          }
        }
        case Jump jump -> jump.targets().forEach(this::leaves);
        case Plain _ -> {}
      }
    }
  }

  private void leaves(Block target) {
    if (target.opcode() != OpCode.LOOP && !target.parameters.isEmpty()) {
      left.add(target);
    }
  }

  private void replace(Sequence sequence) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : sequence.nodes) {
      if (node instanceof Block block) {
        replace(block.body);
        if (block.otherwise != null) {
          replace(block.otherwise);
        }
        nodes.addAll(left.contains(block) ? without(block) : List.of(block));
      } else {
        nodes.add(node);
      }
    }
    sequence.nodes.clear();
    sequence.nodes.addAll(nodes);
  }

  private List<Node> without(Block old) {
    List<Node> nodes = new ArrayList<>();
    List<Node> gets = new ArrayList<>();
    int condition = old.opcode() == OpCode.IF ? set(ValType.I32, nodes) : -1;
    for (ValType type : old.parameters.reversed()) {
      gets.addFirst(local(OpCode.LOCAL_GET, set(type, nodes)));
    }
    long[] operands = old.instruction.operands().clone();
    operands[0] = types.blockOperand(old.results);
    Instruction before = old.instruction;
    Block block =
        new Block(
            new Instruction(before.address(), before.opcode(), operands), List.of(), old.results);
    block.handlers.addAll(old.handlers);
    block.body.nodes.addAll(gets);
    block.body.nodes.addAll(old.body.nodes);
    if (old.opcode() == OpCode.IF) {
      nodes.add(local(OpCode.LOCAL_GET, condition));
      block.otherwise = new Sequence(block);
      block.otherwise.nodes.addAll(gets);
      if (old.otherwise != null) {
        block.otherwise.nodes.addAll(old.otherwise.nodes);
      }
    }
    replaced.put(old, block);
    nodes.add(block);
    return nodes;
  }

  /** Puts what is on the stack into a new local. */
  private int set(ValType type, List<Node> nodes) {
    int local = function.locals.size();
    function.locals.add(type);
    nodes.add(local(OpCode.LOCAL_SET, local));
    return local;
  }

  private static Node local(OpCode opcode, int local) {
    return new Plain(new Instruction(0, opcode, new long[] {local}));
  }

  private void retarget(Sequence sequence) {
    sequence.nodes.replaceAll(
        node ->
            switch (node) {
              case Block block -> {
                block.handlers.replaceAll(this::now);
                retarget(block.body);
                if (block.otherwise != null) {
                  retarget(block.otherwise);
                }
                yield block;
              }
              case Jump jump ->
                  new Jump(jump.instruction(), jump.targets().stream().map(this::now).toList());
              case Plain plain -> plain;
            });
  }

  private Block now(Block target) {
    return replaced.getOrDefault(target, target);
  }
}
