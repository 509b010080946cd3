package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import io.wattle.runtime.engine.endive.split.Node.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import run.endive.wasm.types.CatchOpCode;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Writes functions that catch exceptions in a way that Endive 1.0.0 translates rightly. It leaves
 * what lies on the operand stack below a {@code try_table} there when a catch leads to a block that
 * has less below it (mended by its commit bd229cec): such catches lead to a block right around the
 * {@code try_table} first, and on from there. And it keeps those values in slots that others use
 * too, of which it counts too few (mended by 0f76ffd0): a block that nothing depends on makes it
 * count enough.
 */
final class TryTables {
  /** Slots that it counts wherever something is caught. */
  private static final int COUNTED = 2;

  /** What it takes apart when it catches host references. */
  private static final int CAUGHT_REFERENCES = 3;

  /** Parameters beyond that many slots are put into an array by way of as many. */
  private static final int MOST_PARAMETERS = 250;

  private final Types types;
  private int slots;
  private boolean keepsValues;
  private boolean changed;

  private TryTables(Types types) {
    this.types = types;
  }

  /** Whether a function catches anything. */
  static boolean are(FunctionBody body) {
    for (Instruction each : body.instructions()) {
      if (each.opcode() == OpCode.TRY_TABLE) {
        return true;
      }
    }
    return false;
  }

  /**
   * Changes a function where it must be.
   *
   * @return whether it was changed
   * @throws Analysis.UnknownInstruction when nothing is known of what lies on its operand stack
   */
  static boolean mend(Function function, Types types) throws Analysis.UnknownInstruction {
    var _ = Analysis.run(function, types);
    TryTables tables = new TryTables(types);
    tables.mend(function.root.body);
    if (tables.keepsValues && tables.slots > COUNTED) {
      tables.reserve(function.root);
    }
    return tables.changed;
  }

  private void mend(Sequence sequence) {
    for (int i = 0; i < sequence.nodes.size(); i++) {
      switch (sequence.nodes.get(i)) {
        case Block block -> {
          mend(block.body);
          if (block.otherwise != null) {
            mend(block.otherwise);
          }
          if (block.opcode() == OpCode.TRY_TABLE) {
            note(block);
            sequence.nodes.set(i, around(block));
          }
        }
        case Plain plain -> note(plain.instruction());
        case Jump _ -> {}
      }
    }
  }

  /** Takes note of slots that are used. */
  private void note(Instruction instruction) {
    switch (instruction.opcode()) {
      case THROW -> uses(types.tag((int) instruction.operand(0)));
      case CALL -> passes(types.function((int) instruction.operand(0)));
      case CALL_INDIRECT -> passes(types.type((int) instruction.operand(0)));
      default -> {}
    }
  }

  private void note(Block tryTable) {
    keepsValues |= tryTable.base > 0;
    for (CatchOpCode.Catch clause : CatchOpCode.decode(tryTable.instruction.operands())) {
      if (clause.tag() >= 0 && types.tag(clause.tag()).hasObjectRefParams()) {
        slots = Math.max(slots, CAUGHT_REFERENCES);
      }
    }
  }

  private void passes(FunctionType type) {
    if (slots(type) > MOST_PARAMETERS) {
      uses(type);
    }
  }

  private void uses(FunctionType type) {
    slots = Math.max(slots, slots(type));
  }

  private static int slots(FunctionType type) {
    int sum = 0;
    for (ValType each : type.params()) {
      sum += each.equals(ValType.I32) || each.equals(ValType.F32) || each.isReference() ? 1 : 2;
    }
    return sum;
  }

  /** A {@code try_table}, or what stands in its place. */
  private Block around(Block tryTable) {
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < tryTable.handlers.size(); i++) {
      if (tryTable.base > tryTable.handlers.get(i).base) {
        wrong.add(i);
      }
    }
    if (wrong.isEmpty()) {
      return tryTable;
    }
    changed = true;
    Block done = block(tryTable.parameters, tryTable.results);
    Node inner = tryTable;
    Block behind = done;
    for (int i : wrong) {
      Block target = tryTable.handlers.get(i);
      Block landing = block(tryTable.parameters, target.carried());
      tryTable.handlers.set(i, landing);
      landing.body.nodes.add(inner);
      landing.body.nodes.add(jump(behind));
      inner = landing;
      behind = target;
    }
    done.body.nodes.add(inner);
    done.body.nodes.add(jump(behind));
    return done;
  }

  private Block block(List<ValType> parameters, List<ValType> results) {
    long operand = types.blockOperand(parameters, results);
    Instruction instruction = new Instruction(0, OpCode.BLOCK, new long[] {operand});
    return new Block(instruction, parameters, results);
  }

  private static Jump jump(Block target) {
    return new Jump(new Instruction(0, OpCode.BR, new long[1]), List.of(target));
  }

  /** Leaves a block with something to drop, and with as much to keep as needs so many slots. */
  private void reserve(Block root) {
    changed = true;
    List<ValType> kept = Collections.nCopies((slots + 1) / 2, ValType.I64);
    Block block = block(List.of(), kept);
    block.body.nodes.add(zero(OpCode.I32_CONST));
    kept.forEach(_ -> block.body.nodes.add(zero(OpCode.I64_CONST)));
    block.body.nodes.add(jump(block));
    List<Node> first = new ArrayList<>(List.of(block));
    kept.forEach(_ -> first.add(new Plain(new Instruction(0, OpCode.DROP, new long[0]))));
    root.body.nodes.addAll(0, first);
  }

  private static Node zero(OpCode opcode) {
    return new Plain(new Instruction(0, opcode, new long[1]));
  }
}
