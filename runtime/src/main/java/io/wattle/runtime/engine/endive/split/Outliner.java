package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Makes a function of a window. Its parameters are the operands and locals that the window needs.
 * Locals that it changes, and more than one value, come back through {@link Spill}. When there is
 * more than one way out, its result says which was taken: 0 for the window's end, else the number
 * of the exit.
 */
final class Outliner {
  /** Address of what may be moved again like any other code. */
  private static final int MOVED = 0;

  private final Function function;
  private final Window window;
  private final Types types;
  private final ToIntFunction<Field> accessors;
  private final List<Block> exits;

  /** Of the instructions that are made: the call's, then the end's. */
  private int address;

  private final List<ValType> taken;
  private final List<ValType> given;
  private final Spill.Room common = new Spill.Room();

  /** Fields of the locals that come back, -1 for one that is the result itself. */
  private final int[] fields;

  private final FunctionType type;

  /**
   * @param accessors function that reads or writes a field
   */
  Outliner(Function function, Window window, Types types, ToIntFunction<Field> accessors) {
    this.function = function;
    this.window = window;
    this.types = types;
    this.accessors = accessors;
    this.exits = List.copyOf(window.exits());
    this.address = function.nextCall();
    this.taken =
        Objects.requireNonNull(window.sequence().operands[window.from()]).top(window.taken());
    this.given =
        window.falls()
            ? Objects.requireNonNull(window.sequence().operands[window.to()]).top(window.given())
            : List.of();
    boolean first = !window.selects() && given.size() != 1;
    fields = new int[window.out().size()];
    for (int i = 0; i < fields.length; i++) {
      boolean direct = first && i == 0 && given.isEmpty();
      fields[i] = direct ? -1 : common.take(local(window.out().get(i)));
    }
    type = FunctionType.of(parameters(), results());
  }

  private ValType local(int index) {
    return function.locals.get(index);
  }

  private List<ValType> parameters() {
    List<ValType> parameters = new ArrayList<>(taken);
    window.in().forEach(local -> parameters.add(local(local)));
    return parameters;
  }

  private List<ValType> results() {
    if (window.selects()) {
      return List.of(ValType.I32);
    }
    if (fields.length > 0 && fields[0] < 0) {
      return List.of(local(window.out().getFirst()));
    }
    return given.size() == 1 ? given : List.of();
  }

  // --- instructions

  private Plain plain(OpCode opcode, long... operands) {
    return new Plain(new Instruction(address, opcode, operands));
  }

  private Jump branch(Block target, boolean leaves) {
    OpCode opcode =
        !leaves
            ? OpCode.BR_IF
            : target.instruction.address() == Function.ROOT ? OpCode.RETURN : OpCode.BR;
    return new Jump(new Instruction(address, opcode, new long[] {0}), List.of(target));
  }

  private Block block(OpCode opcode, List<ValType> results) {
    long operand = types.blockOperand(results);
    Instruction instruction = new Instruction(address, opcode, new long[] {operand});
    return new Block(instruction, List.of(), results);
  }

  private Plain access(ValType valueType, int number, boolean write) {
    return plain(OpCode.CALL, accessors.applyAsInt(new Field(valueType, number, write)));
  }

  private int[] roomFor(List<ValType> values) {
    Spill.Room room = new Spill.Room(common);
    return values.stream().mapToInt(room::take).toArray();
  }

  /** Stores the uppermost operands, the uppermost first. */
  private void store(List<ValType> values, List<Node> to) {
    int[] numbers = roomFor(values);
    for (int i = values.size() - 1; i >= 0; i--) {
      to.add(access(values.get(i), numbers[i], true));
    }
  }

  private void load(List<ValType> values, List<Node> to) {
    int[] numbers = roomFor(values);
    for (int i = 0; i < numbers.length; i++) {
      to.add(access(values.get(i), numbers[i], false));
    }
  }

  // --- the new function

  FunctionType type() {
    return type;
  }

  /**
   * Moves the window's nodes into a function of their own, and a call in their place.
   *
   * @param index of the new function
   */
  Function apply(int index) {
    Function part = new Function(type, function);
    List<Node> nodes = window.sequence().nodes.subList(window.from(), window.to());
    List<Node> moved = new ArrayList<>(nodes);
    nodes.clear();
    nodes.addAll(call(index));
    fill(part, moved);
    return part;
  }

  private void fill(Function part, List<Node> moved) {
    address = MOVED;
    int[] places = new int[function.locals.size()];
    Arrays.fill(places, -1);
    for (int i = 0; i < window.in().size(); i++) {
      places[window.in().get(i)] = taken.size() + i;
    }
    Map<Block, Block> wrappers = new HashMap<>();
    for (Block exit : exits) {
      wrappers.put(exit, block(OpCode.BLOCK, exit.carried()));
    }
    List<Node> inner = new ArrayList<>();
    for (int i = 0; i < taken.size(); i++) {
      inner.add(plain(OpCode.LOCAL_GET, i));
    }
    for (Node node : moved) {
      inner.add(move(node, wrappers, places, part));
    }
    Block epilogue = block(OpCode.BLOCK, List.of(ValType.I32));
    address = Function.PINNED;
    boolean direct = !window.selects() && given.size() == 1;
    if (window.falls() && !direct) {
      store(given, inner);
    }
    if (window.selects() && window.falls()) {
      inner.add(plain(OpCode.I32_CONST, 0));
      inner.add(branch(epilogue, true));
    }
    for (int i = 0; i < exits.size(); i++) {
      Block wrapper = Objects.requireNonNull(wrappers.get(exits.get(i)));
      wrapper.body.nodes.addAll(inner);
      inner = new ArrayList<>(List.of(wrapper));
      store(exits.get(i).carried(), inner);
      if (window.selects()) {
        inner.add(plain(OpCode.I32_CONST, i + 1));
        if (i < exits.size() - 1) {
          inner.add(branch(epilogue, true));
        }
      }
    }
    List<Node> body = part.root.body.nodes;
    if (window.selects()) {
      epilogue.body.nodes.addAll(inner);
      body.add(epilogue);
    } else {
      body.addAll(inner);
    }
    leave(body, places, part);
  }

  /** Hands back the locals. */
  private void leave(List<Node> body, int[] places, Function part) {
    for (int i = 0; i < fields.length; i++) {
      int local = window.out().get(i);
      body.add(plain(OpCode.LOCAL_GET, place(local, places, part)));
      if (fields[i] >= 0) {
        body.add(access(local(local), fields[i], true));
      }
    }
  }

  private int place(int local, int[] places, Function part) {
    if (places[local] < 0) {
      places[local] = part.locals.size();
      part.locals.add(local(local));
    }
    return places[local];
  }

  private Node move(Node node, Map<Block, Block> wrappers, int[] places, Function part) {
    return switch (node) {
      case Plain plain ->
          switch (plain.instruction().opcode()) {
            case LOCAL_GET, LOCAL_SET, LOCAL_TEE -> {
              Instruction old = plain.instruction();
              int place = place((int) old.operand(0), places, part);
              yield new Plain(new Instruction(old.address(), old.opcode(), new long[] {place}));
            }
            default -> plain;
          };
      case Jump jump -> {
        Instruction old = jump.instruction();
        List<Block> targets =
            jump.targets().stream().map(t -> wrappers.getOrDefault(t, t)).toList();
        yield old.opcode() == OpCode.RETURN
            ? new Jump(new Instruction(old.address(), OpCode.BR, new long[] {0}), targets)
            : new Jump(old, targets);
      }
      case Block block -> {
        block.handlers.replaceAll(t -> wrappers.getOrDefault(t, t));
        block.body.nodes.replaceAll(n -> move(n, wrappers, places, part));
        if (block.otherwise != null) {
          block.otherwise.nodes.replaceAll(n -> move(n, wrappers, places, part));
        }
        yield block;
      }
    };
  }

  // --- the call

  private List<Node> call(int index) {
    List<Node> nodes = new ArrayList<>();
    window.in().forEach(local -> nodes.add(plain(OpCode.LOCAL_GET, local)));
    nodes.add(plain(OpCode.CALL, index));
    if (window.selects()) {
      nodes.add(plain(OpCode.LOCAL_SET, function.selector()));
    }
    for (int i = 0; i < fields.length; i++) {
      int local = window.out().get(i);
      if (fields[i] >= 0) {
        nodes.add(access(local(local), fields[i], false));
      }
      nodes.add(plain(OpCode.LOCAL_SET, local));
    }
    if (window.selects()) {
      dispatch(nodes);
    } else if (!window.falls() && !exits.isEmpty()) {
      load(exits.getFirst().carried(), nodes);
      nodes.add(branch(exits.getFirst(), true));
    } else if (!window.falls()) {
      nodes.add(plain(OpCode.UNREACHABLE));
    }
    if (window.falls() && (window.selects() || given.size() > 1)) {
      load(given, nodes);
    }
    return nodes;
  }

  /** Goes on where the function left. */
  private void dispatch(List<Node> nodes) {
    List<Integer> simple = new ArrayList<>();
    for (int i = 0; i < exits.size(); i++) {
      Block exit = exits.get(i);
      boolean last = !window.falls() && simple.isEmpty() && i == exits.size() - 1;
      if (exit.carried().isEmpty()) {
        simple.add(i);
      } else if (last) {
        load(exit.carried(), nodes);
        nodes.add(branch(exit, true));
        return;
      } else {
        nodes.add(plain(OpCode.LOCAL_GET, function.selector()));
        nodes.add(plain(OpCode.I32_CONST, i + 1));
        nodes.add(plain(OpCode.I32_EQ));
        Block taking = block(OpCode.IF, List.of());
        load(exit.carried(), taking.body.nodes);
        taking.body.nodes.add(branch(exit, true));
        nodes.add(taking);
      }
    }
    if (simple.isEmpty()) {
      return;
    }
    Block only = exits.get(simple.getFirst());
    if (simple.size() == 1 && !window.falls()) {
      nodes.add(branch(only, true));
      return;
    }
    if (simple.size() == 1) {
      nodes.add(plain(OpCode.LOCAL_GET, function.selector()));
      nodes.add(branch(only, false));
      return;
    }
    Block here = block(OpCode.BLOCK, List.of());
    List<Block> table = new ArrayList<>();
    table.add(window.falls() ? here : only);
    for (int i = 0; i < exits.size(); i++) {
      table.add(simple.contains(i) ? exits.get(i) : only);
    }
    List<Node> to = window.falls() ? here.body.nodes : nodes;
    to.add(plain(OpCode.LOCAL_GET, function.selector()));
    to.add(new Jump(new Instruction(address, OpCode.BR_TABLE, new long[0]), table));
    if (window.falls()) {
      nodes.add(here);
    }
  }
}
