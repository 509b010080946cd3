package io.wattle.runtime.engine.endive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Line numbers of generated code: of each call that stands for an instruction which may trap, the
 * lowest 16 bits of that instruction's address in the module. There is room for no more.
 */
final class TrapLines {
  private static final int LOWEST = 0xffff;
  private static final String FUNCTION = "func_";
  private final TrapPoints points;
  private final Unused unused;
  private final Map<String, int[]> addresses = new HashMap<>();

  /**
   * @param unused what is not called as it seems to be
   */
  TrapLines(TrapPoints points, Unused unused) {
    this.points = points;
    this.unused = unused;
  }

  /**
   * The addresses of a class's functions, by method; functions that cannot be told are left out.
   */
  Map<String, int[]> of(ClassReader generated) {
    generated.accept(new Functions(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return addresses;
  }

  private final class Functions extends ClassVisitor {
    Functions() {
      super(Opcodes.ASM9);
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return name.startsWith(FUNCTION) ? new Calls(name) : null;
    }
  }

  private final class Calls extends MethodVisitor {
    private final String method;
    private final List<String> kinds = new ArrayList<>();

    Calls(String method) {
      super(Opcodes.ASM9);
      this.method = method;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      String kind = TrapPoints.kind(owner, name);
      if (kind != null && !unused.isMethod(name)) {
        kinds.add(kind);
      }
    }

    @Override
    public void visitEnd() {
      int function = Integer.parseInt(method, FUNCTION.length(), method.length(), 10);
      int[] found = points.addresses(function, kinds);
      if (found != null) {
        addresses.put(method, found);
      }
    }
  }

  /** Puts a function's line numbers before its calls. */
  static final class Numbers extends MethodVisitor {
    private final Unused unused;
    private final int[] lines;
    private int next;

    Numbers(MethodVisitor to, Unused unused, int[] lines) {
      super(Opcodes.ASM9, to);
      this.unused = unused;
      this.lines = lines;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      if (TrapPoints.kind(owner, name) != null && !unused.isMethod(name)) {
        int address = lines[next++];
        if (address > 0) {
          Label label = new Label();
          super.visitLabel(label);
          super.visitLineNumber(address & LOWEST, label);
        }
      }
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }
  }
}
