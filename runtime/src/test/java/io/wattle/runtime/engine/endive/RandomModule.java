package io.wattle.runtime.engine.endive;

import io.wattle.runtime.binary.Leb128;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A valid module of random functions: nested blocks with parameters and results, loops, branches of
 * all kinds with and without values, returns in the middle, traps, memory, globals, calls. All of
 * them end: each loop takes from a global that traps at zero.
 */
public final class RandomModule {
  static final int FUNCTIONS = 6;
  private static final int I32 = 0x7f;
  private static final int I64 = 0x7e;
  private static final int F32 = 0x7d;
  private static final int F64 = 0x7c;
  private static final int[] TYPES = {I32, I64, F32, F64};
  private static final int LOOP = 0x03;
  private static final int FUEL = 0;

  /** The same in a module of loops that go on for long. */
  private static final int[] MUCH = {0x88, 0x27}; // 5,000

  private record Type(List<Integer> parameters, List<Integer> results) {}

  /** What a branch to a label carries. */
  private record Label(List<Integer> carried) {}

  private final Random random;
  private final boolean looping;

  /** Null where there are none. */
  private final @Nullable RandomVectors vectors;

  private final List<Type> types = new ArrayList<>();
  private final List<Type> functions = new ArrayList<>();
  private List<Integer> locals = new ArrayList<>();
  private List<Label> labels = new ArrayList<>();
  private ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int function;
  private Type functionType = new Type(List.of(), List.of());
  private int budget;

  private RandomModule(long seed, boolean looping, boolean withVectors) {
    this.random = new Random(seed);
    this.looping = looping;
    this.vectors = withVectors ? new RandomVectors(random, new Inside()) : null;
  }

  /** For vectors to ask for other values. */
  private final class Inside implements RandomVectors.Values {
    @Override
    public void value(int type, int depth) {
      RandomModule.this.value(type, depth);
    }

    @Override
    public void address() {
      RandomModule.this.address();
    }

    @Override
    public ByteArrayOutputStream out() {
      return out;
    }
  }

  /** Functions "f0" and so on without parameters, which the seed decides; memory "m". */
  static byte[] module(long seed) {
    return new RandomModule(seed, false, false).build();
  }

  /**
   * The same, but thousands of jumps back may be made, and behind them functions return instead of
   * trapping; with functions "h1" and so on without parameters that call one of the others and add
   * up what is in memory then.
   */
  public static byte[] looping(long seed) {
    return new RandomModule(seed, true, false).build();
  }

  /**
   * The same with vectors, with fewer jumps back and without parameters of blocks: so it can be
   * interpreted.
   */
  public static byte[] vectors(long seed) {
    return new RandomModule(seed, true, true).build();
  }

  private byte[] build() {
    List<byte[]> bodies = new ArrayList<>();
    for (function = 0; function < FUNCTIONS; function++) {
      boolean inner = function % 2 == 0;
      Type type = new Type(inner ? some(4) : List.of(), inner ? some(3) : List.of(I32));
      functions.add(type);
      bodies.add(body(type));
    }
    for (int i = 1; looping && i < FUNCTIONS; i += 2) {
      functions.add(new Type(List.of(), List.of(I32)));
      bodies.add(sum(i));
    }
    ByteArrayOutputStream module = new ByteArrayOutputStream();
    module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    byte[] functionTypes = functionTypes();
    Leb128.section(module, 1, typeSection());
    Leb128.section(module, 3, functionTypes);
    Leb128.section(module, 5, bytes(1, 0, 1));
    int[] fuel = looping && vectors == null ? MUCH : new int[] {0xc8, 1}; // 200
    Leb128.section(
        module, 6, bytes(2, I32, 1, 0x41, fuel[0], fuel[1], 0x0b, I64, 1, 0x42, 7, 0x0b));
    Leb128.section(module, 7, exports());
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    Leb128.write(code, bodies.size());
    for (byte[] body : bodies) {
      Leb128.write(code, body.length);
      code.writeBytes(body);
    }
    Leb128.section(module, 10, code.toByteArray());
    return module.toByteArray();
  }

  /** Calls a function and adds to its result what lies in the first 4 KiB of memory. */
  private static byte[] sum(int called) {
    return bytes(
        1, 2, I32, // sum, at
        0x10, called, 0x21, 0, // call, local.set
        LOOP, 0x40, //
        0x20, 0, 0x41, 31, 0x6c, // sum * 31
        0x20, 1, 0x28, 2, 0, 0x6a, 0x21, 0, // + i32.load at
        0x20, 1, 0x41, 4, 0x6a, 0x22, 1, // at + 4
        0x41, 0x80, 0x20, 0x49, 0x0d, 0, // i32.lt_u 4096, br_if
        0x0b, 0x20, 0, 0x0b);
  }

  private byte[] functionTypes() {
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    Leb128.write(section, functions.size());
    functions.forEach(type -> Leb128.write(section, index(type)));
    return section.toByteArray();
  }

  private byte[] typeSection() {
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    Leb128.write(section, types.size());
    for (Type type : types) {
      section.write(0x60);
      for (List<Integer> values : List.of(type.parameters, type.results)) {
        Leb128.write(section, values.size());
        values.forEach(section::write);
      }
    }
    return section.toByteArray();
  }

  private byte[] exports() {
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    Leb128.write(section, functions.size() + 2);
    for (int i = FUNCTIONS; i < functions.size(); i++) {
      int called = 2 * (i - FUNCTIONS) + 1;
      section.writeBytes(new byte[] {2, 'h', (byte) ('0' + called), 0, (byte) i});
    }
    for (int i = 0; i < FUNCTIONS; i++) {
      section.writeBytes(new byte[] {2, 'f', (byte) ('0' + i), 0, (byte) i});
    }
    section.writeBytes(new byte[] {1, 'm', 2, 0});
    section.writeBytes(new byte[] {1, 'g', 3, 1});
    return section.toByteArray();
  }

  private int index(Type type) {
    int known = types.indexOf(type);
    if (known >= 0) {
      return known;
    }
    types.add(type);
    return types.size() - 1;
  }

  private List<Integer> some(int most) {
    List<Integer> result = new ArrayList<>();
    for (int i = random.nextInt(most); i > 0; i--) {
      result.add(any());
    }
    return result;
  }

  private int any() {
    if (vectors != null && random.nextInt(3) == 0) {
      return RandomVectors.V128;
    }
    return TYPES[random.nextInt(TYPES.length)];
  }

  private byte[] body(Type type) {
    out = new ByteArrayOutputStream();
    functionType = type;
    int own = 3 + random.nextInt(9);
    locals = new ArrayList<>(type.parameters);
    Leb128.write(out, own);
    for (int i = 0; i < own; i++) {
      int local = any();
      locals.add(local);
      out.write(1);
      out.write(local);
    }
    labels = new ArrayList<>(List.of(new Label(type.results)));
    budget = 260;
    statements(9, 5);
    type.results.forEach(result -> value(result, 3));
    out.write(0x0b);
    return out.toByteArray();
  }

  private void statements(int most, int depth) {
    for (int i = random.nextInt(most) + 1; i > 0 && budget > 0; i--) {
      statement(depth);
    }
  }

  private void statement(int depth) {
    budget--;
    int choice = random.nextInt(depth > 0 ? 15 : 6);
    switch (choice) {
      case 0, 1, 2 -> {
        int local = random.nextInt(locals.size());
        value(locals.get(local), 3);
        op(0x21, local);
      }
      case 3 -> store();
      case 4 -> {
        value(I64, 2);
        op(0x24, 1);
      }
      case 5 -> call();
      case 6, 7 -> block(0x02, depth);
      case 8 -> block(LOOP, depth);
      case 9, 10 -> {
        value(I32, 2);
        block(0x04, depth);
      }
      case 11 -> branchIf();
      case 12 -> table(depth);
      case 13 -> leave();
      default -> {
        value(any(), 3);
        out.write(0x1a);
      }
    }
  }

  /** A block whose parameters are on the stack, and whose results go again. */
  private void block(int opcode, int depth) {
    List<Integer> parameters = opcode == 0x04 || vectors != null ? List.of() : some(3);
    List<Integer> results = some(3);
    parameters.forEach(type -> value(type, 2));
    out.write(opcode);
    Leb128.write(out, index(new Type(parameters, results)));
    labels.add(new Label(opcode == LOOP ? parameters : results));
    if (opcode == LOOP) {
      op(0x23, FUEL);
      out.writeBytes(bytes(0x45, 0x04, 0x40)); // i32.eqz, if
      if (looping) {
        functionType.results.forEach(this::constant);
        out.write(0x0f); // return
      } else {
        out.write(0x00); // unreachable
      }
      out.write(0x0b); // end
      op(0x23, FUEL);
      out.writeBytes(bytes(0x41, 1, 0x6b)); // i32.const 1, i32.sub
      op(0x24, FUEL);
    }
    // Those that stay lie below whatever a branch out of the block carries.
    boolean stay = looping && random.nextBoolean();
    if (!stay) {
      parameters.forEach(type -> out.write(0x1a));
    }
    statements(5, depth - 1);
    if (random.nextInt(6) == 0) {
      leave();
    }
    if (stay) {
      parameters.forEach(type -> out.write(0x1a));
    }
    results.forEach(type -> value(type, 2));
    if (opcode == 0x04) {
      out.write(0x05);
      statements(3, depth - 1);
      results.forEach(type -> value(type, 2));
    }
    out.write(0x0b);
    labels.removeLast();
    for (int i = 0; i < results.size(); i++) {
      out.write(0x1a);
    }
  }

  private Label label(int depth) {
    return labels.get(labels.size() - 1 - depth);
  }

  private void branchIf() {
    int depth = random.nextInt(labels.size());
    List<Integer> carried = label(depth).carried;
    carried.forEach(type -> value(type, 2));
    value(I32, 2);
    op(0x0d, depth);
    carried.forEach(type -> out.write(0x1a));
  }

  /** The shape of a switch: blocks in one another, and a table of branches inside the innermost. */
  private void table(int depth) {
    int cases = 2 + random.nextInt(4);
    for (int i = 0; i <= cases; i++) {
      out.writeBytes(bytes(0x02, 0x40));
      labels.add(new Label(List.of()));
    }
    value(I32, 2);
    out.write(0x0e);
    Leb128.write(out, cases);
    for (int i = 0; i <= cases; i++) {
      Leb128.write(out, i);
    }
    for (int i = 0; i <= cases; i++) {
      out.write(0x0b);
      labels.removeLast();
      if (i < cases) {
        statements(3, depth - 1);
        if (random.nextInt(3) == 0) {
          op(0x0c, cases - i - 1);
        }
      }
    }
  }

  /** A branch, return or trap, sometimes; what follows in the block is not reached then. */
  private void leave() {
    value(I32, 1);
    out.writeBytes(bytes(0x04, 0x40));
    labels.add(new Label(List.of()));
    int depth = random.nextInt(labels.size());
    label(depth).carried.forEach(type -> value(type, 1));
    if (depth == labels.size() - 1 && random.nextBoolean()) {
      out.write(0x0f);
    } else {
      op(0x0c, depth);
    }
    labels.removeLast();
    out.write(0x0b);
  }

  private void store() {
    if (vectors != null && random.nextInt(3) == 0) {
      vectors.store(2);
      return;
    }
    address();
    switch (random.nextInt(3)) {
      case 0 -> {
        value(I32, 2);
        out.writeBytes(bytes(0x36, 0, random.nextInt(64)));
      }
      case 1 -> {
        value(I64, 2);
        out.writeBytes(bytes(0x37, 0, random.nextInt(64)));
      }
      default -> {
        // A comparison: which NaN an operation gives is left open by the specification.
        value(F64, 2);
        value(F64, 2);
        out.write(0x65);
        out.writeBytes(bytes(0x36, 0, random.nextInt(64)));
      }
    }
  }

  /** Nearly always inside the memory. */
  private void address() {
    value(I32, 1);
    if (random.nextInt(40) != 0) {
      out.writeBytes(bytes(0x41, 0xff, 0x1f, 0x71)); // i32.const 4095, i32.and
    }
  }

  private void call() {
    if (function == 0) {
      return;
    }
    int callee = random.nextInt(function);
    Type type = functions.get(callee);
    type.parameters.forEach(parameter -> value(parameter, 2));
    op(0x10, callee);
    type.results.forEach(result -> out.write(0x1a));
  }

  private void value(int type, int depth) {
    budget--;
    if (vectors != null && depth > 0 && budget >= 0 && random.nextInt(3) == 0) {
      if (type == I32) {
        vectors.i32(depth - 1);
        return;
      } else if (type == I64) {
        vectors.i64(depth - 1);
        return;
      }
    }
    int choice = depth <= 0 || budget < 0 ? random.nextInt(2) : random.nextInt(7);
    if (vectors != null && type == RandomVectors.V128 && choice > 1 && choice != 4) {
      vectors.value(depth - 1);
      return;
    }
    switch (choice) {
      case 0 -> constant(type);
      case 1 -> local(type);
      case 2, 3 -> binary(type, depth - 1);
      case 4 -> {
        value(type, depth - 1);
        value(type, depth - 1);
        value(I32, depth - 1);
        out.write(0x1b);
      }
      case 5 -> load(type, depth - 1);
      default -> convert(type, depth - 1);
    }
  }

  private void local(int type) {
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < locals.size(); i++) {
      if (locals.get(i) == type) {
        fitting.add(i);
      }
    }
    if (fitting.isEmpty()) {
      constant(type);
      return;
    }
    int local = fitting.get(random.nextInt(fitting.size()));
    op(0x20, local);
    if (random.nextInt(4) == 0) {
      op(0x22, fitting.get(random.nextInt(fitting.size())));
    }
  }

  private void constant(int type) {
    if (vectors != null && type == RandomVectors.V128) {
      vectors.constant();
      return;
    }
    switch (type) {
      case I32 -> out.writeBytes(bytes(0x41, random.nextInt(64)));
      case I64 -> out.writeBytes(bytes(0x42, random.nextInt(64)));
      case F32 -> {
        out.write(0x43);
        little(Float.floatToIntBits(random.nextInt(1000) / 4f), 4);
      }
      default -> {
        out.write(0x44);
        little(Double.doubleToLongBits(random.nextInt(1000) / 8.0), 8);
      }
    }
  }

  private void binary(int type, int depth) {
    value(type, depth);
    value(type, depth);
    int[] operations =
        switch (type) {
          // add, sub, mul, and, or, xor, shl, rotl; now and then a division
          case I32 -> new int[] {0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x77, 0x6d, 0x70};
          case I64 -> new int[] {0x7c, 0x7d, 0x7e, 0x83, 0x84, 0x85, 0x86, 0x89, 0x7c, 0x85};
          case F32 -> new int[] {0x92, 0x93, 0x94, 0x95, 0x96, 0x97};
          default -> new int[] {0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5};
        };
    int operation = operations[random.nextInt(operations.length)];
    if ((operation == 0x6d || operation == 0x70) && random.nextInt(8) != 0) {
      operation = 0x6a;
    }
    out.write(operation);
  }

  private void load(int type, int depth) {
    value(I32, depth);
    out.writeBytes(bytes(0x41, 0xff, 0x1f, 0x71));
    int opcode =
        switch (type) {
          case I32 -> 0x28;
          case I64 -> 0x29;
          case F32 -> 0x2a;
          default -> 0x2b;
        };
    out.writeBytes(bytes(opcode, 0, random.nextInt(64)));
  }

  private void convert(int type, int depth) {
    switch (type) {
      case I32 -> {
        int from = TYPES[random.nextInt(TYPES.length)];
        value(from, depth);
        if (from == I32) {
          out.write(0x45); // i32.eqz
        } else if (from == I64) {
          out.write(0xa7); // i32.wrap_i64
        } else {
          value(from, depth);
          out.write(from == F32 ? 0x5d : 0x63); // lt
        }
      }
      case I64 -> {
        value(I32, depth);
        out.write(0xac); // i64.extend_i32_s
      }
      case F32 -> {
        value(I32, depth);
        out.write(0xb2); // f32.convert_i32_s
      }
      default -> {
        value(I64, depth);
        out.write(0xb9); // f64.convert_i64_s
      }
    }
  }

  private void op(int opcode, int operand) {
    out.write(opcode);
    Leb128.write(out, operand);
  }

  private void little(long value, int count) {
    for (int i = 0; i < count; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  static byte[] bytes(int... values) {
    byte[] result = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (byte) values[i];
    }
    return result;
  }
}
