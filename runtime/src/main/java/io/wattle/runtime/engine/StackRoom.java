package io.wattle.runtime.engine;

import java.lang.invoke.MethodHandles;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Room on the stack for code of the host that a guest calls. A guest may recurse until hardly any
 * is left and call the host there: what overflows in the middle of the host's code leaves locks
 * locked and lists half changed, for everybody.
 *
 * <p>HotSpot makes sure at the entry of a method that there is room for its locals as the
 * interpreter keeps them, in compiled code too (for it may have to go back to the interpreter). So
 * a method that declares very many locals and uses none is a check that costs twenty nanoseconds;
 * calling as deep, to look, would cost microseconds. No Java source can say so, hence the class is
 * made here.
 */
public final class StackRoom {
  /** Eight bytes each: 48 KiB. */
  private static final int SLOTS = 6 * 1024;

  /** 256 KiB. */
  private static final int AMPLE_SLOTS = 32 * 1024;

  private static final String ME = "io/wattle/runtime/engine/StackRoom";

  /** Never true, which the compiler cannot know: else the method would be nothing at all. */
  static final boolean[] NEVER = {false};

  private static final Probe PROBE = make("$Made", SLOTS);
  private static final Probe AMPLE_PROBE = make("$MadeAmple", AMPLE_SLOTS);

  private StackRoom() {}

  /** What is made here. */
  interface Probe {
    void check();
  }

  static void reached() {
    Thread.onSpinWait();
  }

  /**
   * Makes sure that there is some.
   *
   * @throws StackOverflowError when there is not
   */
  public static void check() {
    PROBE.check();
  }

  /**
   * Whether there is room for whatever Java initialises, too: a class that is initialised where the
   * stack ends can never be used again in that process. For what can be done later.
   */
  public static boolean isAmple() {
    try {
      AMPLE_PROBE.check();
      return true;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  private static Probe make(String name, int slots) {
    ClassWriter made = new ClassWriter(0);
    made.visit(
        Opcodes.V21,
        Opcodes.ACC_FINAL,
        ME + name,
        null,
        "java/lang/Object",
        new String[] {ME + "$Probe"});
    MethodVisitor init = made.visitMethod(0, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    init.visitInsn(Opcodes.RETURN);
    init.visitMaxs(1, 1);
    init.visitEnd();
    MethodVisitor check = made.visitMethod(Opcodes.ACC_PUBLIC, "check", "()V", null, null);
    check.visitCode();
    Label end = new Label();
    check.visitFieldInsn(Opcodes.GETSTATIC, ME, "NEVER", "[Z");
    check.visitInsn(Opcodes.ICONST_0);
    check.visitInsn(Opcodes.BALOAD);
    check.visitJumpInsn(Opcodes.IFEQ, end);
    check.visitMethodInsn(Opcodes.INVOKESTATIC, ME, "reached", "()V", false);
    check.visitLabel(end);
    check.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    check.visitInsn(Opcodes.RETURN);
    check.visitMaxs(2, slots);
    check.visitEnd();
    made.visitEnd();
    try {
      Class<?> type = MethodHandles.lookup().defineClass(made.toByteArray());
      return (Probe) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
