package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Held.Scalar;
import io.wattle.runtime.engine.endive.split.Held.Vector;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * The operand stack of straight-line code. What lies uppermost is held: not on the stack yet, but
 * as code that reads locals. Below it is what was left there by other code, of which nothing is
 * known but by who takes it.
 */
final class HeldStack {
  private final Function function;
  private final List<Node> to;
  private final List<Held> held = new ArrayList<>();

  /** Locals that were taken from it or made for it, until the operation is done. */
  private final Set<Integer> busy = new HashSet<>();

  /**
   * @param function whose locals it may add to
   * @param to where the code goes
   */
  HeldStack(Function function, List<Node> to) {
    this.function = function;
    this.to = to;
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /** Whether so many of the uppermost values are held. */
  boolean holds(int count) {
    return held.size() >= count;
  }

  private boolean holdsVectors() {
    return held.stream().anyMatch(Vector.class::isInstance);
  }

  void push(Held value) {
    held.add(value);
  }

  void add(OpCode opcode, long... operands) {
    to.add(new Plain(new Instruction(0, opcode, operands)));
  }

  void add(Node node) {
    to.add(node);
  }

  void add(Code code) {
    code.instructions().forEach(each -> to.add(new Plain(each)));
  }

  /** Forgets the uppermost value, which is held. */
  void drop() {
    held.removeLast();
  }

  /** Takes a number from the stack. */
  Code number(ValType type) {
    if (held.isEmpty()) {
      return keep(type);
    }
    Scalar number = (Scalar) taken();
    return number.code();
  }

  /** Takes a vector from the stack. */
  Vector vector() {
    if (held.isEmpty()) {
      Code high = keep(ValType.I64);
      Code low = keep(ValType.I64);
      return new Vector(Shape.I64, List.of(low, high), -1, false);
    }
    return (Vector) taken();
  }

  private Held taken() {
    Held value = held.removeLast();
    busy.addAll(locals(value));
    return value;
  }

  private static Set<Integer> locals(Held value) {
    Set<Integer> locals = new HashSet<>();
    value.codes().forEach(code -> locals.addAll(code.locals()));
    return locals;
  }

  /** Moves what the code has just put on the stack into a local. */
  Code keep(ValType type) {
    Set<Integer> taken = new HashSet<>(busy);
    held.forEach(value -> taken.addAll(locals(value)));
    int local = function.spare(type, taken);
    busy.add(local);
    add(OpCode.LOCAL_SET, local);
    return Code.local(local);
  }

  /** The same as code that may be repeated. */
  Code settled(ValType type, Code code) {
    if (code.isShort()) {
      return code;
    }
    add(code);
    return keep(type);
  }

  /** What the code has just put on the stack is a number of the author's stack. */
  void pushed(ValType type) {
    if (!held.isEmpty()) {
      push(new Scalar(type, keep(type)));
    }
  }

  /** The operation is over. */
  void done() {
    busy.clear();
  }

  /** Puts on the stack what is held. */
  void flush() {
    held.forEach(value -> value.codes().forEach(this::add));
    held.clear();
    busy.clear();
  }

  /**
   * Does something with numbers.
   *
   * @param takes how many, of which all are held
   */
  void apply(Plain plain, int takes, List<ValType> gives) {
    List<Held> values = new ArrayList<>(held.subList(held.size() - takes, held.size()));
    held.subList(held.size() - takes, held.size()).clear();
    if (!holdsVectors()) {
      flush(); // in vain if it stayed: nothing below costs anything to be put there
    }
    values.forEach(value -> value.codes().forEach(this::add));
    to.add(plain);
    gives.forEach(this::pushed);
    done();
  }

  /** What is held must no longer read a local, which is about to be set. */
  void release(int local) {
    for (int i = 0; i < held.size(); i++) {
      Held value = held.get(i);
      if (locals(value).contains(local)) {
        held.set(
            i,
            switch (value) {
              case Scalar(ValType type, Code code) -> new Scalar(type, copy(type, code));
              case Vector(Shape shape, List<Code> lanes, int _, boolean isSure) ->
                  new Vector(
                      shape,
                      lanes.stream().map(lane -> copy(shape.lane(), lane)).toList(),
                      -1,
                      isSure);
            });
      }
    }
  }

  private Code copy(ValType type, Code code) {
    if (code.locals().isEmpty()) {
      return code;
    }
    add(code);
    return keep(type);
  }
}
