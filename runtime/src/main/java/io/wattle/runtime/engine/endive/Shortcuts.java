package io.wattle.runtime.engine.endive;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import run.endive.compiler.internal.Shaded;
import run.endive.runtime.OpcodeImpl;

/**
 * Writes instructions for which Endive calls a method as the JVM's own, where it has them. A
 * comparison that a jump depends on becomes one with it, instead of a call that gives 0 or 1, of
 * which the jump asks whether it is 0. HotSpot makes less and better code of that: it inlines no
 * more than a number of nodes into one method, and of rotations, for example, only so many are
 * calls.
 */
final class Shortcuts {
  private static final String OPCODES = Type.getInternalName(OpcodeImpl.class);
  private static final String INTEGER = Type.getInternalName(Integer.class);
  private static final String LONG = Type.getInternalName(Long.class);

  /** What the pass before makes of the opcode, which Endive has among its helpers. */
  private static final String UNSIGNED_GE = "i32_ge_u";

  /** Jumps of a comparison's result with 0: the second of each pair is the first one's contrary. */
  private static final Map<String, Integer> JUMPS =
      Map.of(
          "EQ", Opcodes.IFEQ,
          "NE", Opcodes.IFNE,
          "LT", Opcodes.IFLT,
          "GE", Opcodes.IFGE,
          "GT", Opcodes.IFGT,
          "LE", Opcodes.IFLE);

  /** From a jump that compares an int with 0 to the one that compares two. */
  private static final int TWO = Opcodes.IF_ICMPEQ - Opcodes.IFEQ;

  private Shortcuts() {}

  /** Changes a function's code; its operand stack becomes two slots higher at most. */
  static void apply(InsnList code) {
    for (AbstractInsnNode each : code.toArray()) {
      switch (each) {
        case JumpInsnNode jump
            when jump.getOpcode() == Opcodes.IFEQ || jump.getOpcode() == Opcodes.IFNE ->
            join(code, jump);
        case InsnNode pop when pop.getOpcode() == Opcodes.POP2 -> leaveOut(code, pop);
        case MethodInsnNode call when call.owner.equals(OPCODES) -> {
          List<AbstractInsnNode> instead = instead(call.name);
          if (!instead.isEmpty()) {
            instead.forEach(one -> code.insertBefore(call, one));
            code.remove(call);
          }
        }
        default -> {}
      }
    }
  }

  /** What is put on the stack only to be dropped. */
  private static void leaveOut(InsnList code, InsnNode pop) {
    AbstractInsnNode second = pop.getPrevious();
    AbstractInsnNode first = second == null ? null : second.getPrevious();
    if (isReference(first) && isReference(second)) {
      code.remove(first);
      code.remove(second);
      code.remove(pop);
    }
  }

  private static boolean isReference(@Nullable AbstractInsnNode instruction) {
    return instruction != null && instruction.getOpcode() == Opcodes.ALOAD;
  }

  private static MethodInsnNode call(String owner, String name, String descriptor) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
  }

  private static InsnNode plain(int opcode) {
    return new InsnNode(opcode);
  }

  private static List<AbstractInsnNode> instead(String name) {
    return switch (name) {
      case "I32_ROTL" -> List.of(call(INTEGER, "rotateLeft", "(II)I"));
      case "I32_ROTR" -> List.of(call(INTEGER, "rotateRight", "(II)I"));
      case "I32_CLZ" -> List.of(call(INTEGER, "numberOfLeadingZeros", "(I)I"));
      case "I32_CTZ" -> List.of(call(INTEGER, "numberOfTrailingZeros", "(I)I"));
      case "I32_POPCNT" -> List.of(call(INTEGER, "bitCount", "(I)I"));
      case "I32_EXTEND_8_S" -> List.of(plain(Opcodes.I2B));
      case "I32_EXTEND_16_S" -> List.of(plain(Opcodes.I2S));
      case "I64_ROTL" -> List.of(plain(Opcodes.L2I), call(LONG, "rotateLeft", "(JI)J"));
      case "I64_ROTR" -> List.of(plain(Opcodes.L2I), call(LONG, "rotateRight", "(JI)J"));
      case "I64_CLZ" -> List.of(call(LONG, "numberOfLeadingZeros", "(J)I"), plain(Opcodes.I2L));
      case "I64_CTZ" -> List.of(call(LONG, "numberOfTrailingZeros", "(J)I"), plain(Opcodes.I2L));
      case "I64_POPCNT" -> List.of(call(LONG, "bitCount", "(J)I"), plain(Opcodes.I2L));
      case "I64_EXTEND_I32_U" -> List.of(call(INTEGER, "toUnsignedLong", "(I)J"));
      case "I64_EXTEND_32_S" -> List.of(plain(Opcodes.L2I), plain(Opcodes.I2L));
      default -> List.of();
    };
  }

  /** With the comparison before the jump, if it is one. */
  private static void join(InsnList code, JumpInsnNode jump) {
    MethodInsnNode test = testBefore(jump);
    while (test != null && test.name.equals("I32_EQZ")) {
      code.remove(test);
      jump.setOpcode(contrary(jump.getOpcode()));
      test = testBefore(jump);
    }
    if (test == null) {
      return;
    }
    String name = test.name.equals(UNSIGNED_GE) ? "I32_GE_U" : test.name;
    boolean isLong = name.startsWith("I64_");
    if (name.equals("I64_EQZ")) {
      code.insertBefore(test, plain(Opcodes.LCONST_0));
      name = "I64_EQ";
    }
    Integer holds = JUMPS.get(name.substring("I32_".length(), "I32_".length() + 2));
    if (holds == null || !(isLong || name.startsWith("I32_"))) {
      return;
    }
    int opcode = jump.getOpcode() == Opcodes.IFNE ? holds : contrary(holds);
    if (name.endsWith("_U")) {
      code.insertBefore(
          test,
          isLong
              ? call(LONG, "compareUnsigned", "(JJ)I")
              : call(INTEGER, "compareUnsigned", "(II)I"));
    } else if (isLong) {
      code.insertBefore(test, plain(Opcodes.LCMP));
    } else {
      opcode += TWO;
    }
    code.remove(test);
    jump.setOpcode(opcode);
  }

  /** The other one of two that follow each other: IFEQ and IFNE, IFLT and IFGE, IFGT and IFLE. */
  private static int contrary(int jump) {
    return ((jump - Opcodes.IFEQ) ^ 1) + Opcodes.IFEQ;
  }

  private static @Nullable MethodInsnNode testBefore(JumpInsnNode jump) {
    return jump.getPrevious() instanceof MethodInsnNode call && isTest(call) ? call : null;
  }

  private static boolean isTest(MethodInsnNode call) {
    return call.owner.equals(OPCODES)
        ? call.name.matches("I(32|64)_(EQZ|EQ|NE|(LT|LE|GT|GE)_[SU])")
        : call.owner.equals(Type.getInternalName(Shaded.class)) && call.name.equals(UNSIGNED_GE);
  }
}
