package io.wattle.runtime.engine.endive;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.MStack;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.FunctionBody;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType.TypeIdxCode;

/**
 * Executes instructions of structures, arrays and casts for Endive's interpreter, which would make
 * objects of its own outside every limit, and those of references to functions, which it would take
 * for their indices. It is given others in their place: {@code nop} and {@code br_if} with more
 * operands than they have, before which {@link InterpreterHook} comes here, and {@code call} of
 * {@link Interpreting#REFERRED}. Where exceptions are caught, those of indirect calls into other
 * instances would not be: they become such a {@code call}, too.
 */
final class ObjectInterpreter {
  private static final Set<OpCode> OURS = EnumSet.range(OpCode.STRUCT_NEW, OpCode.CAST_TEST_NULL);

  static {
    OURS.addAll(EnumSet.of(OpCode.REF_FUNC, OpCode.TABLE_INIT, OpCode.I31_GET_S, OpCode.I31_GET_U));
  }

  private ObjectInterpreter() {}

  /** Puts bodies that are to be interpreted in the place of those with such instructions. */
  static FunctionBody[] mend(FunctionBody[] bodies) {
    boolean catches = false;
    for (int i = 0; i < bodies.length; i++) {
      if (hasOurs(bodies[i])) {
        List<AnnotatedInstruction> code = new ArrayList<>(bodies[i].instructions().size());
        for (AnnotatedInstruction each : bodies[i].instructions()) {
          code.add(mended(each));
          catches |= each.opcode() == OpCode.TRY_TABLE;
        }
        bodies[i] = new FunctionBody(bodies[i].localTypes(), code);
      }
    }
    for (int i = 0; catches && i < bodies.length; i++) {
      List<AnnotatedInstruction> code = new ArrayList<>(bodies[i].instructions());
      code.replaceAll(
          each ->
              each.opcode() == OpCode.CALL_INDIRECT
                  ? calling(each, Interpreting.INDIRECT, each.operand(0), each.operand(1))
                  : each);
      bodies[i] = new FunctionBody(bodies[i].localTypes(), code);
    }
    return bodies;
  }

  /** What calls a function that is still to be found. */
  private static AnnotatedInstruction calling(AnnotatedInstruction given, long... operands) {
    return AnnotatedInstruction.builder()
        .from(new Instruction(given.address(), OpCode.CALL, operands))
        .withDepth(given.depth())
        .build();
  }

  /**
   * On the way to a first answer, so a loop: in a process that has hardly run, streams are slow.
   */
  private static boolean hasOurs(FunctionBody body) {
    for (AnnotatedInstruction each : body.instructions()) {
      if (isOurs(each.opcode())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOurs(OpCode opcode) {
    return OURS.contains(opcode)
        || opcode == OpCode.BR_ON_CAST
        || opcode == OpCode.BR_ON_CAST_FAIL
        || opcode == OpCode.CALL_REF
        || opcode == OpCode.TRY_TABLE;
  }

  private static AnnotatedInstruction mended(AnnotatedInstruction given) {
    OpCode opcode = given.opcode();
    boolean branches = opcode == OpCode.BR_ON_CAST || opcode == OpCode.BR_ON_CAST_FAIL;
    if (!isOurs(opcode) || opcode == OpCode.TRY_TABLE) {
      return given;
    }
    if (opcode == OpCode.CALL_REF) {
      return calling(given, Interpreting.REFERRED);
    }
    int first = branches ? 2 : 1;
    long[] operands = new long[first + given.operandCount()];
    operands[first - 1] = opcode.opcode();
    for (int i = 0; i < given.operandCount(); i++) {
      operands[first + i] = given.operand(i);
    }
    if (!branches) {
      return AnnotatedInstruction.builder()
          .from(new Instruction(given.address(), OpCode.NOP, operands))
          .withDepth(given.depth())
          .build();
    }
    operands[0] = given.operand(1);
    return AnnotatedInstruction.builder()
        .from(new Instruction(given.address(), OpCode.BR_IF, operands))
        .withDepth(given.depth())
        .withLabelTrue(given.labelTrue())
        .withLabelFalse(given.labelFalse())
        .build();
  }

  private static boolean isNumber(int topType) {
    return topType == TypeIdxCode.FUNC.code() || topType == TypeIdxCode.EXN.code();
  }

  private static boolean matches(
      ObjectSpace space, MStack stack, int from, boolean nullable, int to, boolean keep) {
    boolean matches;
    if (isNumber(from)) {
      long value = stack.pop();
      matches = space.matches((int) value, nullable, to);
      if (keep) {
        stack.push(value);
      }
    } else {
      Object ref = stack.popRef();
      matches = space.matches(ref, nullable, to);
      if (keep) {
        stack.pushRef(ref);
      }
    }
    return matches;
  }

  /** Before a {@code br_if} that stands for a cast: puts the condition on the stack. */
  static void branch(Instruction given, MStack stack, ObjectSpace space) {
    boolean nullable = (given.operand(2) & 2) != 0;
    int to = (int) given.operand(5);
    boolean matches = matches(space, stack, (int) given.operand(6), nullable, to, true);
    boolean fails = OpCode.byOpCode((int) given.operand(1)) == OpCode.BR_ON_CAST_FAIL;
    stack.push(matches == fails ? 0 : 1);
  }

  /** Before such a {@code nop}: does what it stands for. */
  static void execute(Instruction given, MStack stack, Instance self, ObjectSpace space) {
    int type = given.operandCount() > 1 ? (int) given.operand(1) : 0;
    int second = given.operandCount() > 2 ? (int) given.operand(2) : 0;
    OpCode opcode = OpCode.byOpCode((int) given.operand(0));
    switch (opcode) {
      case STRUCT_NEW -> stack.pushRef(structure(space, stack, type));
      case STRUCT_NEW_DEFAULT -> stack.pushRef(space.structure(type));
      case STRUCT_GET, STRUCT_GET_S, STRUCT_GET_U -> {
        Object ref = stack.popRef();
        if (isReference(space, type, second)) {
          stack.pushRef(GuestStruct.reference(ref, second));
        } else if (opcode == OpCode.STRUCT_GET_S) {
          stack.push(GuestStruct.signed(ref, second));
        } else {
          stack.push(GuestStruct.number(ref, second));
        }
      }
      case STRUCT_SET -> {
        if (isReference(space, type, second)) {
          Object value = stack.popRef();
          GuestStruct.setReference(stack.popRef(), second, value);
        } else {
          long value = stack.pop();
          GuestStruct.set(stack.popRef(), second, value);
        }
      }
      case ARRAY_NEW -> {
        int length = (int) stack.pop();
        boolean isReference = isReference(space, type, 0);
        Object ref = isReference ? stack.popRef() : null;
        long value = isReference ? 0 : stack.pop();
        stack.pushRef(space.array(type, length, value, ref));
      }
      case ARRAY_NEW_DEFAULT -> stack.pushRef(space.defaultArray(type, (int) stack.pop()));
      case ARRAY_NEW_FIXED -> {
        GuestArray made = space.array(type, second);
        for (int i = second - 1; i >= 0; i--) {
          if (isReference(space, type, 0)) {
            made.references()[i] = stack.popRef();
          } else {
            made.set(i, stack.pop());
          }
        }
        stack.pushRef(made);
      }
      case ARRAY_NEW_DATA -> {
        int length = (int) stack.pop();
        stack.pushRef(space.arrayOfData(type, second, (int) stack.pop(), length));
      }
      case ARRAY_NEW_ELEM -> {
        int length = (int) stack.pop();
        stack.pushRef(space.arrayOfElements(self, type, second, (int) stack.pop(), length));
      }
      case ARRAY_GET, ARRAY_GET_S, ARRAY_GET_U -> {
        int at = (int) stack.pop();
        GuestArray array = ObjectSpace.array(stack.popRef(), at);
        if (isReference(space, type, 0)) {
          stack.pushRef(array.references()[at]);
        } else if (opcode == OpCode.ARRAY_GET_U) {
          stack.push(ObjectType.packed(array.type.kinds[0], array.get(at)));
        } else {
          stack.push(array.get(at));
        }
      }
      case ARRAY_SET -> {
        boolean isReference = isReference(space, type, 0);
        Object ref = isReference ? stack.popRef() : null;
        long value = isReference ? 0 : stack.pop();
        int at = (int) stack.pop();
        GuestArray array = ObjectSpace.array(stack.popRef(), at);
        if (isReference) {
          array.references()[at] = ref;
        } else {
          array.set(at, value);
        }
      }
      case ARRAY_LEN -> stack.push(ObjectSpace.array(stack.popRef()).length);
      case ARRAY_FILL -> {
        int count = (int) stack.pop();
        boolean isReference = isReference(space, type, 0);
        Object ref = isReference ? stack.popRef() : null;
        long value = isReference ? 0 : stack.pop();
        int at = (int) stack.pop();
        ObjectSpace.fill(stack.popRef(), at, count, value, ref);
      }
      case ARRAY_COPY -> {
        int count = (int) stack.pop();
        int start = (int) stack.pop();
        Object from = stack.popRef();
        int at = (int) stack.pop();
        ObjectSpace.copy(stack.popRef(), at, from, start, count);
      }
      case ARRAY_INIT_DATA -> {
        int count = (int) stack.pop();
        int from = (int) stack.pop();
        int at = (int) stack.pop();
        space.initializeFromData(stack.popRef(), at, second, from, count);
      }
      case ARRAY_INIT_ELEM -> {
        int count = (int) stack.pop();
        int from = (int) stack.pop();
        int at = (int) stack.pop();
        space.initializeFromElements(self, stack.popRef(), at, second, from, count);
      }
      case REF_TEST, REF_TEST_NULL -> {
        boolean nullable = opcode == OpCode.REF_TEST_NULL;
        stack.push(matches(space, stack, second, nullable, type, false) ? 1 : 0);
      }
      case CAST_TEST, CAST_TEST_NULL -> {
        boolean nullable = opcode == OpCode.CAST_TEST_NULL;
        if (!matches(space, stack, second, nullable, type, true)) {
          throw ObjectSpace.castFailure();
        }
      }
      case I31_GET_S -> stack.push(ObjectSpace.value(stack.popRef()) << 1 >> 1);
      case I31_GET_U -> stack.push(ObjectSpace.value(stack.popRef()));
      case REF_FUNC -> stack.push(GuestSupport.owner(self).base + type);
      case TABLE_INIT -> {
        int count = (int) stack.pop();
        int from = (int) stack.pop();
        int to = (int) stack.pop();
        GuestSupport.tableInit(to, from, count, type, second, self);
      }
      default -> throw new IllegalStateException("no instruction of objects: " + given);
    }
  }

  private static boolean isReference(ObjectSpace space, int type, int field) {
    return space.type(type).kinds[field] == ObjectType.Kind.REFERENCE;
  }

  private static GuestStruct structure(ObjectSpace space, MStack stack, int type) {
    int fields = space.type(type).kinds.length;
    long[] values = new long[fields];
    @Nullable Object[] objects = new Object[fields];
    for (int i = fields - 1; i >= 0; i--) {
      if (isReference(space, type, i)) {
        objects[i] = stack.popRef();
      } else {
        values[i] = stack.pop();
      }
    }
    return space.structure(type, values, objects);
  }
}
