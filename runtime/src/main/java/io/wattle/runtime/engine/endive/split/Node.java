package io.wattle.runtime.engine.endive.split;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/** A part of a function's body as a tree, in which branches know the block they lead to. */
sealed interface Node {
  Instruction instruction();

  /** Whether what follows in the same sequence is never reached by falling through. */
  default boolean leaves() {
    return switch (instruction().opcode()) {
      case BR,
          BR_TABLE,
          RETURN,
          UNREACHABLE,
          THROW,
          THROW_REF,
          RETURN_CALL,
          RETURN_CALL_INDIRECT,
          RETURN_CALL_REF ->
          true;
      default -> false;
    };
  }

  /** Neither a branch nor a block. */
  record Plain(Instruction instruction) implements Node {}

  /**
   * A branch or return.
   *
   * @param targets in the order of its operands; a return leads to the function's own block
   */
  record Jump(Instruction instruction, List<Block> targets) implements Node {}

  /** A block, loop, if or try_table, or the function itself. Compared by identity. */
  final class Block implements Node {
    final Instruction instruction;
    final List<ValType> parameters;
    final List<ValType> results;
    final Sequence body = new Sequence(this);
    @Nullable Sequence otherwise;

    /** Where the catch clauses of a try_table lead. */
    final List<Block> handlers = new ArrayList<>();

    /** Locals that are live where a branch to this block arrives. */
    long[] liveAtTarget = {};

    /** Height of the operand stack below the block's parameters. */
    int base;

    Block(Instruction instruction, List<ValType> parameters, List<ValType> results) {
      this.instruction = instruction;
      this.parameters = parameters;
      this.results = results;
    }

    @Override
    public Instruction instruction() {
      return instruction;
    }

    OpCode opcode() {
      return instruction.opcode();
    }

    /** Where its nodes go while it is read. */
    Sequence last() {
      return otherwise == null ? body : otherwise;
    }

    /** What a branch to this block carries. */
    List<ValType> carried() {
      return opcode() == OpCode.LOOP ? parameters : results;
    }
  }

  /** Nodes one after the other, with what is known before each of them and after the last. */
  final class Sequence {
    final Block owner;
    final List<Node> nodes = new ArrayList<>();

    /** Operand stack before each node; null where nothing arrives. */
    @Nullable Operands[] operands = {};

    /** How low the operand stack gets while each node takes what it needs. */
    int[] lowest = {};

    /** Live locals before each node. */
    long[][] live = {};

    /** Estimated bytes of bytecode of each node with all it contains. */
    int[] bytes = {};

    Sequence(Block owner) {
      this.owner = owner;
    }
  }

  /**
   * An operand stack.
   *
   * @param type of the uppermost value
   * @param height values in it
   */
  record Operands(ValType type, @Nullable Operands below, int height) {
    static final Operands EMPTY = new Operands(ValType.BOT, null, 0);

    Operands push(ValType pushed) {
      return new Operands(pushed, this, height + 1);
    }

    Operands push(List<ValType> pushed) {
      Operands result = this;
      for (ValType each : pushed) {
        result = result.push(each);
      }
      return result;
    }

    Operands pop(int count) {
      Operands result = this;
      for (int i = 0; i < count; i++) {
        result = Objects.requireNonNull(result.below, "operand stack underflow");
      }
      return result;
    }

    /** The types of the uppermost values, the uppermost last. */
    List<ValType> top(int count) {
      List<ValType> result = new ArrayList<>(count);
      Operands at = this;
      for (int i = 0; i < count; i++) {
        result.add(at.type);
        at = Objects.requireNonNull(at.below, "operand stack underflow");
      }
      Collections.reverse(result);
      return result;
    }
  }
}
