package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.ConstantEvaluators.ConstantResult;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.WasmI31Ref;
import run.endive.wasm.types.ActiveElement;
import run.endive.wasm.types.Element;
import run.endive.wasm.types.Global;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.Value;

/**
 * Initialises instances (core specification, 4.7.2 "instantiation"). Endive takes a reference to a
 * function for its index, makes the objects of constant expressions by itself, outside every limit,
 * and those of a segment anew at each use, and does not look where a segment without elements goes.
 */
final class Initializer {
  private static final List<Instruction> NULL =
      List.of(new Instruction(0, OpCode.REF_NULL, new long[] {0}));

  private final GuestInstance owner;
  private final Instance self;
  private final EndiveModule module;

  Initializer(GuestInstance owner) {
    this.owner = owner;
    this.self = owner.instance;
    this.module = owner.module;
  }

  private ObjectSpace space() {
    return owner.space();
  }

  /** A constant: a number's halves, or a reference to an object. */
  private record Constant(long low, long high, @Nullable Object object) {
    /** Of the lower bits. */
    static Constant of32(long value) {
      return of(value << 32 >> 32);
    }

    static Constant of(long value) {
      return new Constant(value, 0, null);
    }

    static Constant of(@Nullable Object object) {
      return new Constant(object == null ? Value.REF_NULL_VALUE : 0, 0, object);
    }
  }

  /** Tables as Endive may make them: it fills them before anything can be charged. */
  static Table[] tables(EndiveModule module) {
    if (!module.hasObjects()) {
      return module.tables;
    }
    Table[] tables = module.tables.clone();
    for (int i = 0; i < tables.length; i++) {
      if (tables[i].elementType().isObjectRef()) {
        tables[i] = new Table(tables[i].elementType(), tables[i].limits(), NULL);
      }
    }
    return tables;
  }

  void run(Memory[] memories, GlobalInstance[] globals) {
    for (int i = 0; i < module.tables.length; i++) {
      fill(module.tables[i], (GuestTable) self.table(module.importedTables + i));
    }
    for (int i = 0; i < globals.length; i++) {
      globals[i] = global(module.globals[i]);
    }
    for (int i = 0; i < module.elements.length; i++) {
      Element segment = module.elements[i];
      if (module.hasObjects() && segment.type().isObjectRef()) {
        space().setElements(i, values(segment));
      }
    }
    for (int i = 0; i < module.elements.length; i++) {
      if (module.elements[i] instanceof ActiveElement active) {
        place(active, i);
      }
    }
    for (int i = 0; i < memories.length; i++) {
      memories[i].zero();
      memories[i].initialize(self, owner.data(), module.importedMemories + i);
    }
    for (int i = 0; i < module.importedMemories; i++) {
      self.memory(i).initialize(self, owner.data(), i);
    }
    self.module()
        .startSection()
        .ifPresent(start -> self.getMachine().call((int) start.startIndex(), new long[0]));
  }

  private void fill(Table declared, GuestTable table) {
    if (declared.initialize() == null) {
      return;
    }
    if (!declared.elementType().isObjectRef()) {
      int value = reference(declared.initialize());
      if (value != Value.REF_NULL_VALUE) {
        table.fill(0, table.size(), value);
      }
      return;
    }
    Object value = constant(declared.initialize()).object;
    for (int i = 0; value != null && i < table.size(); i++) {
      table.setObjRef(i, value, self);
    }
  }

  private GlobalInstance global(Global declared) {
    Constant value = constant(declared.initInstructions());
    GuestGlobal global =
        new GuestGlobal(
            module, declared.valueType(), declared.mutabilityType(), value.low, value.high);
    if (declared.valueType().isReference()) {
      global.setRefValue(value.object);
    }
    return global;
  }

  private @Nullable Object[] values(Element segment) {
    @Nullable Object[] values = new Object[segment.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = constant(segment.initializers().get(i)).object;
    }
    return values;
  }

  private void place(ActiveElement segment, int index) {
    GuestTable table = (GuestTable) self.table(segment.tableIndex());
    List<Instruction> computed = module.addressTypes.elementOffsets().get(index);
    long address = constant(computed == null ? segment.offset() : computed).low;
    long offset =
        Integer.toUnsignedLong(computed == null ? (int) address : NarrowCode.saturated(address));
    int count = segment.elementCount();
    if (offset + count > table.size()) {
      throw new TrapException(Kind.TRAP, "out of bounds table access");
    }
    List<List<Instruction>> initializers = segment.initializers();
    boolean isOfObjects = segment.type().isObjectRef();
    @Nullable Object[] values = isOfObjects && module.hasObjects() ? space().elements(index) : null;
    for (int i = 0; i < count; i++) {
      int at = (int) offset + i;
      if (values != null) {
        table.setObjRef(at, values[i], self);
      } else if (isOfObjects) {
        table.setObjRef(at, constant(initializers.get(i)).object, self);
      } else {
        table.setRef(at, reference(initializers.get(i)), self);
      }
    }
  }

  /** The number that an expression gives which is a reference, but not to an object. */
  int reference(List<Instruction> expression) {
    Instruction first = expression.getFirst();
    return switch (first.opcode()) {
      case REF_FUNC -> owner.base + (int) first.operand(0);
      case REF_NULL -> Value.REF_NULL_VALUE;
      default -> (int) constant(expression).low;
    };
  }

  // --- constant expressions (core specification, 3.4.14)

  private Constant constant(List<Instruction> expression) {
    boolean isOne =
        expression.size() == 1
            || (expression.size() == 2 && expression.getLast().opcode() == OpCode.END);
    if (isOne && isNumber(expression.getFirst())) {
      return Constant.of(expression.getFirst().operand(0));
    }
    Deque<Constant> stack = new ArrayDeque<>();
    for (Instruction each : expression) {
      if (each.opcode() != OpCode.END) {
        stack.push(constant(each, stack));
      }
    }
    return stack.pop();
  }

  private static boolean isNumber(Instruction given) {
    return switch (given.opcode()) {
      case I32_CONST, I64_CONST, F32_CONST, F64_CONST -> true;
      default -> false;
    };
  }

  private Constant constant(Instruction given, Deque<Constant> stack) {
    int type = given.operandCount() > 0 ? (int) given.operand(0) : 0;
    return switch (given.opcode()) {
      case I32_ADD -> Constant.of32(stack.pop().low + stack.pop().low);
      case I32_SUB -> Constant.of32(-stack.pop().low + stack.pop().low);
      case I32_MUL -> Constant.of32(stack.pop().low * stack.pop().low);
      case I64_ADD -> Constant.of(stack.pop().low + stack.pop().low);
      case I64_SUB -> Constant.of(-stack.pop().low + stack.pop().low);
      case I64_MUL -> Constant.of(stack.pop().low * stack.pop().low);
      case REF_NULL -> Constant.of((Object) null);
      case REF_FUNC -> Constant.of(owner.base + given.operand(0));
      case REF_I31 -> Constant.of(new WasmI31Ref((int) stack.pop().low));
      case STRUCT_NEW -> Constant.of(structure(type, stack));
      case STRUCT_NEW_DEFAULT -> Constant.of(space().structure(type));
      case ARRAY_NEW -> {
        int length = (int) stack.pop().low;
        Constant value = stack.pop();
        yield Constant.of(space().array(type, length, value.low, value.object));
      }
      case ARRAY_NEW_DEFAULT -> Constant.of(space().defaultArray(type, (int) stack.pop().low));
      case ARRAY_NEW_FIXED -> {
        GuestArray made = space().array(type, (int) given.operand(1));
        for (int i = made.length - 1; i >= 0; i--) {
          Constant value = stack.pop();
          if (made.type.kinds[0] == ObjectType.Kind.REFERENCE) {
            made.references()[i] = value.object;
          } else {
            made.set(i, value.low);
          }
        }
        yield Constant.of(made);
      }
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> stack.pop();
      default -> {
        ConstantResult result = ConstantEvaluators.computeConstant(self, List.of(given));
        long[] words = result.longs();
        yield new Constant(words[0], words.length > 1 ? words[1] : 0, result.ref());
      }
    };
  }

  private GuestStruct structure(int type, Deque<Constant> stack) {
    int fields = space().type(type).kinds.length;
    long[] values = new long[fields];
    @Nullable Object[] objects = new Object[fields];
    for (int i = fields - 1; i >= 0; i--) {
      Constant value = stack.pop();
      values[i] = value.low;
      objects[i] = value.object;
    }
    return space().structure(type, values, objects);
  }
}
