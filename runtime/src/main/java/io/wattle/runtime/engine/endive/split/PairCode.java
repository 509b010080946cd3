package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Held.Scalar;
import io.wattle.runtime.engine.endive.split.Held.Vector;
import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import io.wattle.runtime.engine.endive.split.Node.Sequence;
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
 * Writes a function with numbers in the place of vectors: two i64, the lower half below, or lanes
 * where only it can tell ({@link Shape}). Branches, calls, and whatever else does not ask for
 * types, are right as they are once types are.
 */
final class PairCode {
  /** What all opcodes of vectors begin with. */
  private static final int VECTORS = 0xfd;

  private static final List<ValType> PAIR = List.of(ValType.I64, ValType.I64);

  /** One operation in so many instructions is much: the others bring it what it takes. */
  private static final int LITTLE = 5;

  /** How often it is asked which shapes are best, each time with those that seemed so. */
  private static final int ROUNDS = 2;

  private final Types declared;
  private final Types types;
  private final ToIntFunction<StandIn> standIns;
  private final Function before;
  private final Function after;
  private final LocalShapes shapes;

  /** Where each local is, or its first lane. */
  private final int[] places;

  private final Map<Block, Block> blocks = new HashMap<>();

  private PairCode(
      Function before,
      FunctionType type,
      LocalShapes shapes,
      Types declared,
      Types types,
      ToIntFunction<StandIn> standIns) {
    this.before = before;
    this.shapes = shapes;
    this.declared = declared;
    this.types = types;
    this.standIns = standIns;
    after = new Function(type, before);
    places = new int[before.locals.size()];
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
            default -> isVector(each.opcode());
          };
      if (has) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a function does little else than compute with them: what only moves bytes by way of
   * vectors does not.
   */
  static boolean computes(FunctionBody body) {
    int operations = 0;
    for (Instruction each : body.instructions()) {
      if (isVector(each.opcode()) && !each.opcode().name().matches("V128_(LOAD|STORE|CONST).*")) {
        operations++;
      }
    }
    return operations * LITTLE > body.instructions().size();
  }

  private static boolean isVector(OpCode opcode) {
    return opcode.opcode() >> 8 == VECTORS;
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
    LocalShapes shapes = LocalShapes.of(function.locals);
    for (int i = 0; PairTypes.has(function.locals) && i < ROUNDS; i++) {
      new PairCode(function, type, shapes, declared, types, _ -> 0).write();
      shapes = shapes.next();
    }
    return new PairCode(function, type, shapes, declared, types, standIns).write();
  }

  private Function write() {
    List<ValType> parameters = before.type.params();
    int place = 0;
    for (int i = 0; i < parameters.size(); i++) {
      places[i] = place;
      place += isVector(i) ? PAIR.size() : 1;
    }
    for (int i = parameters.size(); i < places.length; i++) {
      addLocal(i);
    }
    HeldStack start = new HeldStack(after, after.root.body.nodes);
    for (int i = 0; i < parameters.size(); i++) {
      if (isVector(i) && shapes.of(i) != Shape.I64) {
        int given = places[i];
        addLocal(i);
        List<Code> halves = List.of(Code.local(given), Code.local(given + 1));
        set(i, Vector.of(Shape.I64, halves), start);
      }
    }
    sequence(before.root.body, after.root.body.nodes);
    return after;
  }

  private void addLocal(int local) {
    places[local] = after.locals.size();
    after.locals.addAll(
        isVector(local) ? shapes.of(local).lanes() : List.of(before.locals.get(local)));
  }

  private boolean isVector(int local) {
    return PairTypes.isVector(before.locals.get(local));
  }

  // --- blocks and branches

  private void sequence(Sequence from, List<Node> to) {
    HeldStack stack = new HeldStack(after, to);
    for (Node node : from.nodes) {
      switch (node) {
        case Block block -> {
          stack.flush();
          to.add(block(block));
        }
        case Jump jump -> {
          stack.flush();
          to.add(new Jump(jump.instruction(), targets(jump.targets())));
        }
        case Plain plain -> plain(plain, stack);
      }
    }
    stack.flush();
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
    int weight = shapes.weight();
    if (old.opcode() == OpCode.LOOP) {
      shapes.enterLoop();
    }
    sequence(old.body, block.body.nodes);
    shapes.leaveLoop(weight);
    if (old.otherwise != null) {
      block.otherwise = new Sequence(block);
      sequence(old.otherwise, block.otherwise.nodes);
    }
    return block;
  }

  // --- instructions

  private void plain(Plain plain, HeldStack stack) {
    Instruction instruction = plain.instruction();
    OpCode opcode = instruction.opcode();
    switch (opcode) {
      case LOCAL_GET, LOCAL_SET, LOCAL_TEE -> {
        int local = (int) instruction.operand(0);
        if (isVector(local)) {
          vectorLocal(opcode, local, stack);
        } else {
          local(opcode, local, stack);
        }
      }
      case I32_CONST -> stack.push(new Scalar(ValType.I32, code(instruction)));
      case I64_CONST -> stack.push(new Scalar(ValType.I64, code(instruction)));
      case F32_CONST -> stack.push(new Scalar(ValType.F32, code(instruction)));
      case F64_CONST -> stack.push(new Scalar(ValType.F64, code(instruction)));
      case GLOBAL_GET, GLOBAL_SET -> global(plain, stack);
      case DROP -> drop(plain, stack);
      case SELECT, SELECT_T -> {
        if (isVector(instruction.operand(0))) {
          new AnyShapeOps(new Lanes(stack, shapes)).select();
        } else {
          other(plain, stack);
        }
      }
      default -> {
        if (isVector(opcode)) {
          new VectorCode(stack, shapes, standIns).write(instruction);
        } else {
          other(plain, stack);
        }
      }
    }
  }

  private static Code code(Instruction instruction) {
    return Code.of(instruction.opcode(), instruction.operand(0));
  }

  /** No vectors. */
  private static void other(Plain plain, HeldStack stack) {
    Effects effects = Effects.of(plain.instruction().opcode());
    if (effects != null && stack.holds(effects.pops().size())) {
      stack.apply(plain, effects.pops().size(), effects.pushes());
    } else {
      stack.flush();
      stack.add(plain);
    }
  }

  private static void drop(Plain plain, HeldStack stack) {
    if (stack.holds(1)) {
      stack.drop();
    } else {
      stack.add(plain);
      if (isVector(plain.instruction().operand(0))) {
        stack.add(plain);
      }
    }
  }

  private void local(OpCode opcode, int local, HeldStack stack) {
    int place = places[local];
    ValType type = before.locals.get(local);
    if (opcode == OpCode.LOCAL_GET) {
      stack.push(new Scalar(type, Code.local(place)));
    } else if (stack.isEmpty()) {
      stack.add(opcode, place);
    } else {
      Code value = stack.number(type);
      stack.release(place);
      stack.add(value);
      stack.add(OpCode.LOCAL_SET, place);
      if (opcode == OpCode.LOCAL_TEE) {
        stack.push(new Scalar(type, Code.local(place)));
      }
      stack.done();
    }
  }

  private void vectorLocal(OpCode opcode, int local, HeldStack stack) {
    Shape shape = shapes.of(local);
    int place = places[local];
    if (opcode != OpCode.LOCAL_GET) {
      if (stack.isEmpty() && shape == Shape.I64) {
        stack.add(OpCode.LOCAL_SET, place + 1);
        stack.add(OpCode.LOCAL_SET, place);
      } else {
        set(local, stack.vector(), stack);
      }
    }
    if (opcode != OpCode.LOCAL_SET) {
      List<Code> lanes = new ArrayList<>();
      for (int i = 0; i < shape.count; i++) {
        lanes.add(Code.local(place + i));
      }
      stack.push(new Vector(shape, lanes, local, shape != Shape.I64));
    }
  }

  private void set(int local, Vector vector, HeldStack stack) {
    if (vector.isSure()) {
      shapes.asked(local, vector.shape());
    }
    Shape shape = shapes.of(local);
    int place = places[local];
    for (int i = 0; i < shape.count; i++) {
      stack.release(place + i);
    }
    shape.of(vector.shape(), vector.lanes()).forEach(stack::add);
    for (int i = shape.count - 1; i >= 0; i--) {
      stack.add(OpCode.LOCAL_SET, place + i);
    }
    stack.done();
  }

  private void global(Plain plain, HeldStack stack) {
    Instruction instruction = plain.instruction();
    long global = instruction.operand(0);
    ValType type = declared.global((int) global);
    boolean isGet = instruction.opcode() == OpCode.GLOBAL_GET;
    if (!PairTypes.isVector(type)) {
      if (isGet && type.isNumeric()) {
        stack.apply(plain, 0, List.of(type));
      } else if (!isGet && stack.holds(1)) {
        stack.apply(plain, 1, List.of());
      } else {
        stack.flush();
        stack.add(plain);
      }
    } else if (isGet) {
      stack.add(plain);
      Code low = stack.keep(ValType.I64);
      stack.add(OpCode.I32_CONST, global);
      stack.add(OpCode.CALL, standIns.applyAsInt(StandIn.READ_HIGH));
      Code high = stack.keep(ValType.I64);
      stack.push(new Vector(Shape.I64, List.of(low, high), -1, false));
      stack.done();
    } else {
      Vector vector = stack.vector();
      List<Code> halves = Shape.I64.of(vector.shape(), vector.lanes());
      stack.add(halves.get(1));
      stack.add(OpCode.I32_CONST, global);
      stack.add(OpCode.CALL, standIns.applyAsInt(StandIn.WRITE_HIGH));
      stack.add(halves.get(0));
      stack.add(plain);
      stack.done();
    }
  }
}
