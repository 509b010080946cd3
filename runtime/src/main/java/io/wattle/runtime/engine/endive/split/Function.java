package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import io.wattle.runtime.engine.endive.split.Node.Sequence;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import run.endive.wasm.types.CatchOpCode;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/** A function while it is being cut. */
final class Function {
  /** Address of the function's own block. What is in a body has positive ones. */
  static final int ROOT = -1;

  /**
   * Address of what hands values back at a function's end. It stays there: another function's end
   * in between would use the same fields.
   */
  static final int PINNED = -2;

  /** Addresses from here on downwards are of calls with all that takes their values up again. */
  private static final int CALLS = -16;

  final FunctionType type;

  /** Types of parameters and locals. */
  final List<ValType> locals;

  final Block root;
  private final AtomicInteger addresses;
  private final Map<ValType, List<Integer>> spares = new HashMap<>();
  private int selector = -1;

  private Function(FunctionType type, List<ValType> locals, Block root, AtomicInteger addresses) {
    this.addresses = addresses;
    this.type = type;
    this.locals = locals;
    this.root = root;
  }

  /** An empty function without locals yet that takes nodes of another one. */
  Function(FunctionType type, Function of) {
    this(type, new ArrayList<>(type.params()), rootOf(type), of.addresses);
  }

  private static Block rootOf(FunctionType type) {
    return new Block(
        new Instruction(ROOT, OpCode.BLOCK, new long[] {0x40}), List.of(), type.returns());
  }

  /** The tree of a valid body. Code that nothing reaches is left out. */
  static Function parse(FunctionType type, FunctionBody body, Types types) {
    List<ValType> locals = new ArrayList<>(type.params());
    locals.addAll(body.localTypes());
    Block root = rootOf(type);
    List<Block> open = new ArrayList<>(List.of(root));
    Sequence sequence = root.body;
    int dead = 0;
    for (Instruction instruction : body.instructions()) {
      OpCode opcode = instruction.opcode();
      boolean opens =
          switch (opcode) {
            case BLOCK, LOOP, IF, TRY_TABLE -> true;
            default -> false;
          };
      if (dead > 0) {
        if (opens) {
          dead++;
          continue;
        }
        if (opcode == OpCode.END) {
          dead--;
        }
        if (dead > 1 || (dead == 1 && opcode != OpCode.ELSE)) {
          continue;
        }
        dead = 0;
      }
      Block top = open.getLast();
      if (opens) {
        FunctionType blockType = types.block(instruction.operand(0));
        Block block = new Block(plain(instruction), blockType.params(), blockType.returns());
        if (opcode == OpCode.TRY_TABLE) {
          for (int label : CatchOpCode.allLabels(instruction.operands())) {
            block.handlers.add(label(open, label));
          }
        }
        sequence.nodes.add(block);
        open.add(block);
        sequence = block.body;
      } else if (opcode == OpCode.ELSE) {
        sequence = new Sequence(top);
        top.otherwise = sequence;
      } else if (opcode == OpCode.END) {
        open.removeLast();
        if (open.isEmpty()) {
          break;
        }
        sequence = open.getLast().last();
      } else {
        Node node = leaf(instruction, open);
        sequence.nodes.add(node);
        if (node.leaves()) {
          dead = 1;
        }
      }
    }
    return new Function(type, locals, root, new AtomicInteger(CALLS));
  }

  private static Node leaf(Instruction instruction, List<Block> open) {
    return switch (instruction.opcode()) {
      case BR, BR_IF, BR_ON_NULL, BR_ON_NON_NULL ->
          jump(instruction, List.of(label(open, instruction.operand(0))));
      case BR_ON_CAST, BR_ON_CAST_FAIL ->
          jump(instruction, List.of(label(open, instruction.operand(1))));
      case BR_TABLE -> {
        List<Block> targets = new ArrayList<>();
        for (long operand : instruction.operands()) {
          targets.add(label(open, operand));
        }
        yield jump(instruction, targets);
      }
      case RETURN -> jump(instruction, List.of(open.getFirst()));
      default -> new Plain(plain(instruction));
    };
  }

  private static Jump jump(Instruction instruction, List<Block> targets) {
    return new Jump(plain(instruction), targets);
  }

  private static Block label(List<Block> open, long depth) {
    return open.get(open.size() - 1 - (int) depth);
  }

  /** Without the labels that were found in the body it came from. */
  private static Instruction plain(Instruction instruction) {
    return new Instruction(instruction.address(), instruction.opcode(), instruction.operands());
  }

  /** An address that all nodes of one call share, and no others of this function. */
  int nextCall() {
    return addresses.decrementAndGet();
  }

  /** Whether a node is one of a call's, which are moved together or not at all. */
  static boolean isOfCall(Node node) {
    return node.instruction().address() < CALLS;
  }

  /** The local that says how a function that was cut out was left. */
  int selector() {
    if (selector < 0) {
      selector = locals.size();
      locals.add(ValType.I32);
    }
    return selector;
  }

  /**
   * A local for what is looked at next to where it is set, and nowhere else.
   *
   * @param held locals that are in use there
   */
  int spare(ValType type, Set<Integer> held) {
    List<Integer> all = spares.computeIfAbsent(type, _ -> new ArrayList<>());
    for (int local : all) {
      if (!held.contains(local)) {
        return local;
      }
    }
    all.add(locals.size());
    locals.add(type);
    return locals.size() - 1;
  }

  /** Leaves out locals that nothing names any more. */
  void compact() {
    BitSet used = new BitSet();
    used.set(0, type.params().size());
    locals(
        root,
        local -> {
          used.set(local);
          return local;
        });
    if (used.cardinality() == locals.size()) {
      return;
    }
    int[] places = new int[locals.size()];
    List<ValType> kept = new ArrayList<>();
    for (int i = used.nextSetBit(0); i >= 0; i = used.nextSetBit(i + 1)) {
      places[i] = kept.size();
      kept.add(locals.get(i));
    }
    locals.clear();
    locals.addAll(kept);
    selector = selector >= 0 && used.get(selector) ? places[selector] : -1;
    locals(root, local -> places[local]);
  }

  private static void locals(Block block, IntUnaryOperator change) {
    block.body.nodes.replaceAll(node -> locals(node, change));
    if (block.otherwise != null) {
      block.otherwise.nodes.replaceAll(node -> locals(node, change));
    }
  }

  private static Node locals(Node node, IntUnaryOperator change) {
    return switch (node) {
      case Block block -> {
        locals(block, change);
        yield block;
      }
      case Jump jump -> jump;
      case Plain plain ->
          switch (plain.instruction().opcode()) {
            case LOCAL_GET, LOCAL_SET, LOCAL_TEE -> {
              Instruction old = plain.instruction();
              int before = (int) old.operand(0);
              int after = change.applyAsInt(before);
              yield after == before
                  ? plain
                  : new Plain(new Instruction(old.address(), old.opcode(), new long[] {after}));
            }
            default -> plain;
          };
    };
  }
}
