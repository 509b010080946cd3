package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import io.wattle.runtime.engine.endive.split.Node.Sequence;
import io.wattle.runtime.engine.endive.vector.VectorAccess;
import io.wattle.runtime.engine.endive.vector.VectorOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Writes a function with pairs of i64 in the place of vectors, the lower half below. Branches,
 * calls, and whatever else does not ask for types, are right as they are once types are.
 */
final class PairCode {
  /** What all opcodes of vectors begin with. */
  private static final int VECTORS = 0xfd;

  private static final List<ValType> PAIR = List.of(ValType.I64, ValType.I64);

  private final Types declared;
  private final Types types;
  private final ToIntFunction<StandIn> standIns;
  private final Function before;
  private final Function after;

  /** Where each local is, or its lower half. */
  private final int[] places;

  private final Map<Block, Block> blocks = new HashMap<>();

  private PairCode(
      Function before,
      FunctionType type,
      Types declared,
      Types types,
      ToIntFunction<StandIn> standIns) {
    this.before = before;
    this.declared = declared;
    this.types = types;
    this.standIns = standIns;
    after = new Function(type, before);
    places = new int[before.locals.size()];
    int place = 0;
    for (int i = 0; i < places.length; i++) {
      places[i] = place;
      place += isVector(i) ? 2 : 1;
    }
    after.locals.clear();
    after.locals.addAll(PairTypes.of(before.locals));
    blocks.put(before.root, after.root);
  }

  /** Whether a function has any. */
  static boolean hasVectors(FunctionType type, FunctionBody body, Types types) {
    if (PairTypes.has(type.params()) || PairTypes.has(body.localTypes())) {
      return true;
    }
    for (Instruction each : body.instructions()) {
      boolean has =
          switch (each.opcode()) {
            case DROP, SELECT, SELECT_T, BLOCK, LOOP, IF, TRY_TABLE -> isVector(each.operand(0));
            case GLOBAL_GET, GLOBAL_SET -> PairTypes.isVector(types.global((int) each.operand(0)));
            default -> each.opcode().opcode() >> 8 == VECTORS;
          };
      if (has) {
        return true;
      }
    }
    return false;
  }

  private static boolean isVector(long operand) {
    return operand == ValType.ID.V128;
  }

  /**
   * Writes it anew.
   *
   * @param type with pairs
   * @param declared types of the module with vectors
   * @param types those of the other one
   * @param standIns gives functions that stand for methods of ours
   */
  static Function of(
      Function function,
      FunctionType type,
      Types declared,
      Types types,
      ToIntFunction<StandIn> standIns) {
    PairCode code = new PairCode(function, type, declared, types, standIns);
    code.sequence(function.root.body, code.after.root.body.nodes);
    return code.after;
  }

  private boolean isVector(int local) {
    return PairTypes.isVector(before.locals.get(local));
  }

  private void sequence(Sequence from, List<Node> to) {
    for (Node node : from.nodes) {
      switch (node) {
        case Block block -> to.add(block(block));
        case Jump jump -> to.add(new Jump(jump.instruction(), targets(jump.targets())));
        case Plain plain -> plain(plain, to);
      }
    }
  }

  private List<Block> targets(List<Block> old) {
    return old.stream().map(target -> Objects.requireNonNull(blocks.get(target))).toList();
  }

  private Block block(Block old) {
    long[] operands = old.instruction.operands();
    if (isVector(operands[0])) {
      operands[0] = types.blockOperand(PAIR);
    }
    Block block =
        new Block(
            new Instruction(old.instruction.address(), old.opcode(), operands),
            PairTypes.of(old.parameters),
            PairTypes.of(old.results));
    block.handlers.addAll(targets(old.handlers));
    blocks.put(old, block);
    sequence(old.body, block.body.nodes);
    if (old.otherwise != null) {
      block.otherwise = new Sequence(block);
      sequence(old.otherwise, block.otherwise.nodes);
    }
    return block;
  }

  private void plain(Plain plain, List<Node> to) {
    Instruction instruction = plain.instruction();
    OpCode opcode = instruction.opcode();
    switch (opcode) {
      case LOCAL_GET, LOCAL_SET, LOCAL_TEE -> local(opcode, (int) instruction.operand(0), to);
      case GLOBAL_GET, GLOBAL_SET -> {
        boolean isVector = PairTypes.isVector(declared.global((int) instruction.operand(0)));
        if (isVector) {
          global(opcode, instruction.operand(0), to);
        } else {
          to.add(plain);
        }
      }
      case DROP -> {
        if (isVector(instruction.operand(0))) {
          straight(PAIR, to).finish();
        } else {
          to.add(plain);
        }
      }
      case SELECT, SELECT_T -> {
        if (isVector(instruction.operand(0))) {
          select(to);
        } else {
          to.add(plain);
        }
      }
      default -> {
        if (opcode.opcode() >> 8 == VECTORS) {
          vector(instruction, to);
        } else {
          to.add(plain);
        }
      }
    }
  }

  private Straight straight(List<ValType> taken, List<Node> to) {
    return new Straight(after, to, taken);
  }

  private void local(OpCode opcode, int local, List<Node> to) {
    int low = places[local];
    if (!isVector(local)) {
      to.add(Straight.plain(opcode, low));
      return;
    }
    if (opcode == OpCode.LOCAL_GET) {
      to.add(Straight.plain(OpCode.LOCAL_GET, low));
    } else {
      to.add(Straight.plain(OpCode.LOCAL_SET, low + 1));
      to.add(Straight.plain(opcode, low));
    }
    if (opcode != OpCode.LOCAL_SET) {
      to.add(Straight.plain(OpCode.LOCAL_GET, low + 1));
    }
  }

  private void global(OpCode opcode, long global, List<Node> to) {
    if (opcode == OpCode.GLOBAL_GET) {
      to.add(Straight.plain(OpCode.GLOBAL_GET, global));
      to.add(Straight.plain(OpCode.I32_CONST, global));
      to.add(Straight.plain(OpCode.CALL, standIns.applyAsInt(StandIn.READ_HIGH)));
    } else {
      to.add(Straight.plain(OpCode.I32_CONST, global));
      to.add(Straight.plain(OpCode.CALL, standIns.applyAsInt(StandIn.WRITE_HIGH)));
      to.add(Straight.plain(OpCode.GLOBAL_SET, global));
    }
  }

  private void select(List<Node> to) {
    Straight code =
        straight(List.of(ValType.I64, ValType.I64, ValType.I64, ValType.I64, ValType.I32), to);
    for (int half = 0; half < 2; half++) {
      code.use(half);
      code.use(half + 2);
      code.use(4);
      code.add(OpCode.SELECT, 0);
    }
    code.finish();
  }

  // --- vector instructions

  private void vector(Instruction instruction, List<Node> to) {
    VectorOp op = VectorOp.of(instruction);
    if (op != null) {
      PairOp values = new PairOp(op, standIns);
      Straight code = straight(values.operands(), to);
      values.compute(code, 0);
      code.finish();
      return;
    }
    switch (VectorAccess.of(instruction)) {
      case VectorAccess.Load load -> load(instruction, load, to);
      case VectorAccess.Store store -> store(instruction, store, to);
      case null -> throw new IllegalStateException("nothing is known of " + instruction.opcode());
    }
  }

  private void load(Instruction instruction, VectorAccess.Load load, List<Node> to) {
    VectorOp then = load.then();
    if (then == null) {
      Straight code = straight(List.of(ValType.I32), to);
      for (int at = 0; at < 16; at += 8) {
        code.use(0);
        access(code, OpCode.I64_LOAD, instruction, at);
      }
      code.finish();
      return;
    }
    PairOp values = new PairOp(then, standIns);
    List<ValType> taken = new ArrayList<>(List.of(ValType.I32));
    taken.addAll(values.operands());
    ValType loaded = taken.removeLast();
    Straight code = straight(taken, to);
    code.use(0);
    access(code, loading(load.bytes()), instruction, 0);
    int value = code.keep(loaded); // behind the vector, as the operation expects it
    if (value != taken.size()) {
      throw new IllegalStateException(instruction + " takes more than it should");
    }
    values.compute(code, 1);
    code.finish();
  }

  private void store(Instruction instruction, VectorAccess.Store store, List<Node> to) {
    Straight code = straight(List.of(ValType.I32, ValType.I64, ValType.I64), to);
    VectorOp before = store.before();
    if (before == null) {
      for (int at = 8; at >= 0; at -= 8) { // what does not fit must change nothing
        code.use(0);
        code.use(at == 0 ? 1 : 2);
        access(code, OpCode.I64_STORE, instruction, at);
      }
    } else {
      code.use(0);
      new PairOp(before, standIns).compute(code, 1);
      access(code, storing(store.bytes()), instruction, 0);
    }
    code.finish();
  }

  /** Beyond the largest offset there is no memory either way. */
  private static void access(Straight code, OpCode opcode, Instruction of, int further) {
    long offset = Math.min(of.operand(1) + further, 0xffff_ffffL);
    code.add(opcode, 0, offset, of.operand(2));
  }

  private static OpCode loading(int bytes) {
    return switch (bytes) {
      case 1 -> OpCode.I32_LOAD8_U;
      case 2 -> OpCode.I32_LOAD16_U;
      case 4 -> OpCode.I32_LOAD;
      case 8 -> OpCode.I64_LOAD;
      default -> throw new IllegalArgumentException("load of " + bytes + " bytes");
    };
  }

  private static OpCode storing(int bytes) {
    return switch (bytes) {
      case 1 -> OpCode.I32_STORE8;
      case 2 -> OpCode.I32_STORE16;
      case 4 -> OpCode.I32_STORE;
      case 8 -> OpCode.I64_STORE;
      default -> throw new IllegalArgumentException("store of " + bytes + " bytes");
    };
  }
}
