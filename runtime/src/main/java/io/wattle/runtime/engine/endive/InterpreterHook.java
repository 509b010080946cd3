package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.scalar.Floats;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ExecutionListener;
import run.endive.runtime.Instance;
import run.endive.runtime.MStack;
import run.endive.runtime.Machine;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.Instruction;
import run.endive.wasm.types.ValType;

/**
 * Sees every instruction that is interpreted. Ends a stopped guest, and mends what Endive's
 * interpreter gets wrong: where instances share things it takes a memory's segments from the
 * instance that was made last, and looks up the type of an indirect call in the called module,
 * where the same number is another type; its tail calls reach neither functions with locals nor
 * compiled ones; it puts the halves of a vector into a local the wrong way round; and its objects
 * would be outside every limit.
 */
final class InterpreterHook implements ExecutionListener {
  private final StopSignal signal;
  private final GuestInstance owner;
  private final DataSegment[] data;
  private @Nullable Instance instance;
  private @Nullable Instance nothing;
  private int address;

  InterpreterHook(StopSignal signal, GuestInstance owner, DataSegment[] data) {
    this.signal = signal;
    this.owner = owner;
    this.data = data;
  }

  void attach(Instance to) {
    instance = to;
  }

  EndiveModule module() {
    return owner.module;
  }

  GuestInstance owner() {
    return owner;
  }

  /** Of the instruction that was begun last, from the start of the module. */
  int address() {
    return address;
  }

  @Override
  public void onExecution(Instruction instruction, MStack stack) {
    address = instruction.address();
    if (signal.stopped) {
      throw signal.trap();
    }
    Instance self = instance;
    if (self == null) {
      return;
    }
    switch (instruction.opcode()) {
      case MEMORY_INIT, DATA_DROP -> {
        int memories = module().importedMemories + module().memories.length;
        for (int i = 0; i < memories; i++) {
          ((GuestMemory) self.memory(i)).useSegments(data);
        }
      }
      case F32_MIN, F32_MAX -> {
        long last = Floats.quietF32(stack.pop());
        stack.push(Floats.quietF32(stack.pop()));
        stack.push(last);
      }
      case F64_MIN, F64_MAX -> {
        long last = Floats.quietF64(stack.pop());
        stack.push(Floats.quietF64(stack.pop()));
        stack.push(last);
      }
      case F64_CEIL, F64_FLOOR, F64_TRUNC -> stack.push(Floats.quietF64(stack.pop()));
      case NOP -> {
        if (instruction.operandCount() > 0) {
          ObjectInterpreter.execute(instruction, stack, self, owner.space());
        }
      }
      case BR_IF -> {
        if (instruction.operandCount() > 1) {
          ObjectInterpreter.branch(instruction, stack, owner.space());
        }
      }
      case LOCAL_SET -> VectorLocals.prepare(instruction, stack);
      case THROW_REF -> {
        int reference = (int) stack.peek();
        var _ = GuestSupport.exception(self, reference);
      }
      case CALL_INDIRECT -> callOther(self, instruction, stack);
      case RETURN_CALL -> throw new TailCall(self, (int) instruction.operand(0));
      case RETURN_CALL_INDIRECT ->
          throw Interpreting.indirect(
              stack, self, (int) instruction.operand(0), (int) instruction.operand(1));
      case RETURN_CALL_REF -> throw Interpreting.referred(stack, self);
      default -> {}
    }
  }

  private void callOther(Instance self, Instruction instruction, MStack stack) {
    int type = (int) instruction.operand(0);
    GuestTable table = (GuestTable) self.table((int) instruction.operand(1));
    Instance target = table.ownerOf((int) stack.peek());
    if (target == null || target == self) {
      return;
    }
    Interpreting.call(
        Interpreting.indirect(stack, self, type, (int) instruction.operand(1)), stack);
    // The interpreter goes on to make the call: let it call something that does nothing.
    Instance standIn = nothing;
    if (standIn == null) {
      standIn = GuestInstance.doingNothing(module());
      nothing = standIn;
    }
    table.answerOnce(type, standIn);
    stack.push(0);
  }

  /** Calls a function of a machine with what lies on the stack, and puts there what it answers. */
  static void call(Machine machine, int function, FunctionType type, MStack stack) {
    long[] arguments = new long[ValType.sizeOf(type.params())];
    for (int i = arguments.length - 1; i >= 0; i--) {
      arguments[i] = stack.pop();
    }
    long[] results = machine.call(function, arguments);
    if (results != null) {
      for (long result : results) {
        stack.push(result);
      }
    }
  }
}
