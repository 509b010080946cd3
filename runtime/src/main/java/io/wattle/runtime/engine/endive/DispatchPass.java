package io.wattle.runtime.engine.endive;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import run.endive.compiler.internal.Shaded;

/**
 * Splits Endive's switches over all functions that an indirect call may reach where they make a
 * method too large for HotSpot's compiler: into several of at most {@link #KEYS} functions each,
 * and a search for the right one. Where a type has so many functions that the switch has a class of
 * its own (its method {@code apply}), Endive also loads the arguments by their position instead of
 * their slot, which is another one behind an i64 or f64: such a switch is written anew whatever its
 * size.
 */
final class DispatchPass {
  /** Functions in one switch. */
  private static final int KEYS = 256;

  private static final int PUBLIC = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
  private static final String APPLY = "apply";
  private static final String SHARED = Type.getInternalName(Shaded.class);

  private DispatchPass() {}

  /** Bytes of bytecode of each method that has some. */
  static Map<String, Integer> sizes(byte[] bytes) {
    Map<String, Integer> sizes = new HashMap<>();
    ClassModel model = ClassFile.of().parse(bytes);
    for (MethodModel method : model.methods()) {
      method
          .findAttribute(Attributes.code())
          .ifPresent(
              code -> {
                var _ =
                    sizes.merge(method.methodName().stringValue(), code.codeLength(), Math::max);
              });
    }
    return sizes;
  }

  /** The class with its large switches split, itself when it has none or one is not as expected. */
  static byte[] apply(byte[] bytes, int most) {
    Map<String, Integer> sizes = sizes(bytes);
    if (sizes.entrySet().stream()
        .noneMatch(
            e -> isSwitch(e.getKey()) && (e.getValue() > most || e.getKey().equals(APPLY)))) {
      return bytes;
    }
    ClassWriter writer = new ClassWriter(0);
    List<String> odd = new ArrayList<>();
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              private String owner = "";

              @Override
              public void visit(
                  int version,
                  int access,
                  String name,
                  String signature,
                  String parent,
                  String[] faces) {
                owner = name;
                super.visit(version, access, name, signature, parent, faces);
              }

              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String signature, String[] thrown) {
                MethodVisitor next = super.visitMethod(access, name, descriptor, signature, thrown);
                boolean apart = name.equals(APPLY);
                return isSwitch(name) && (apart || sizes.getOrDefault(name, 0) > most)
                    ? new Switch(next, cv, owner, name, apart ? descriptor : null, odd)
                    : next;
              }
            },
            0);
    return odd.isEmpty() ? writer.toByteArray() : bytes;
  }

  private static boolean isSwitch(String method) {
    return method.startsWith("call_indirect_") || method.equals(APPLY);
  }

  /**
   * Reads the switch, in which each case calls one function with what lies on the operand stack and
   * returns, and the default throws. All of it is left out and becomes methods of its own. In a
   * method that does nothing else, what is put on the operand stack before is left out too.
   */
  private static final class Switch extends MethodVisitor {
    private record Target(String owner, String method, String descriptor) {}

    private final ClassVisitor to;
    private final String owner;
    private final String name;
    private final Map<Label, Integer> keys = new HashMap<>();
    private final NavigableMap<Integer, Target> targets = new TreeMap<>();
    private final List<String> odd;
    private final @Nullable String alone;
    private Label byDefault = new Label();
    private int key = -1;
    private boolean inside;
    private boolean last;

    /**
     * @param alone descriptor of the method, if the switch is all that it does
     */
    Switch(
        MethodVisitor next,
        ClassVisitor to,
        String owner,
        String name,
        @Nullable String alone,
        List<String> odd) {
      super(Opcodes.ASM9, next);
      this.alone = alone;
      this.inside = alone != null;
      this.odd = odd;
      this.to = to;
      this.owner = owner;
      this.name = name;
    }

    @Override
    public void visitLookupSwitchInsn(Label otherwise, int[] values, Label[] labels) {
      byDefault = otherwise;
      for (int i = 0; i < values.length; i++) {
        var _ = keys.put(labels[i], values[i]);
      }
      inside = true;
    }

    @Override
    public void visitLabel(Label label) {
      if (!inside) {
        super.visitLabel(label);
      }
      key = keys.getOrDefault(label, -1);
      last |= label.equals(byDefault);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String callee, String method, String descriptor, boolean isInterface) {
      if (!inside) {
        super.visitMethodInsn(opcode, callee, method, descriptor, isInterface);
      } else if (key >= 0) {
        var _ = targets.put(key, new Target(callee, method, descriptor));
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (!inside) {
        super.visitInsn(opcode);
      } else if (opcode == Opcodes.ATHROW && last) { // what cannot be reached is written as a throw
        inside = false;
        route();
      }
    }

    @Override
    public void visitVarInsn(int opcode, int slot) {
      if (!inside) {
        super.visitVarInsn(opcode, slot);
      }
    }

    @Override
    public void visitFrame(int type, int locals, Object[] local, int stack, Object[] on) {
      if (!inside) {
        super.visitFrame(type, locals, local, stack, on);
      }
    }

    /** In place of the switch: arguments, memory, instance and function lead to the function. */
    private void route() {
      if (targets.size() != keys.size() || (targets.isEmpty() && alone == null)) {
        odd.add(name);
        return;
      }
      String descriptor = alone == null ? withFunction(targets.firstEntry().getValue()) : alone;
      Type[] parameters = Type.getArgumentTypes(descriptor);
      Type result = Type.getReturnType(descriptor);
      if (alone != null) {
        load(mv, parameters);
      } // Else they are on the operand stack.
      super.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name + "_route", descriptor, false);
      super.visitInsn(result.getOpcode(Opcodes.IRETURN));
      Integer[] all = targets.keySet().toArray(Integer[]::new);
      int slots = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
      int function = slots - 2; // Without "this", which the size counts, and the function itself.
      MethodVisitor search = to.visitMethod(PUBLIC, name + "_route", descriptor, null, null);
      search.visitCode();
      for (int from = 0; from == 0 || from < all.length; from += KEYS) {
        int end = Math.min(all.length, from + KEYS);
        Label next = new Label();
        if (end < all.length) {
          search.visitVarInsn(Opcodes.ILOAD, function);
          search.visitLdcInsn(all[end]);
          search.visitJumpInsn(Opcodes.IF_ICMPGE, next);
        }
        load(search, parameters);
        String part = name + "_from_" + from;
        search.visitMethodInsn(Opcodes.INVOKESTATIC, owner, part, descriptor, false);
        search.visitInsn(result.getOpcode(Opcodes.IRETURN));
        if (end < all.length) {
          search.visitLabel(next);
          search.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        }
        var cases = end == 0 ? targets : targets.subMap(all[from], true, all[end - 1], true);
        part(part, descriptor, cases, function);
      }
      search.visitMaxs(slots + 2, slots);
      search.visitEnd();
    }

    /** A function that is called, and its index behind its parameters. */
    private static String withFunction(Target target) {
      Type called = Type.getMethodType(target.descriptor);
      Type[] parameters = Arrays.copyOf(called.getArgumentTypes(), called.getArgumentCount() + 1);
      parameters[parameters.length - 1] = Type.INT_TYPE;
      return Type.getMethodDescriptor(called.getReturnType(), parameters);
    }

    private void part(
        String part, String descriptor, NavigableMap<Integer, Target> cases, int function) {
      Type[] parameters = Type.getArgumentTypes(descriptor);
      Type[] passed = Arrays.copyOf(parameters, parameters.length - 1);
      MethodVisitor to = this.to.visitMethod(PUBLIC, part, descriptor, null, null);
      to.visitCode();
      int[] values = cases.keySet().stream().mapToInt(value -> value).toArray();
      Label[] labels = cases.keySet().stream().map(value -> new Label()).toArray(Label[]::new);
      Label invalid = new Label();
      to.visitVarInsn(Opcodes.ILOAD, function);
      to.visitLookupSwitchInsn(invalid, values, labels);
      int next = 0;
      for (Target target : cases.values()) {
        to.visitLabel(labels[next++]);
        to.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        load(to, passed);
        to.visitMethodInsn(
            Opcodes.INVOKESTATIC, target.owner, target.method, target.descriptor, false);
        to.visitInsn(Type.getReturnType(descriptor).getOpcode(Opcodes.IRETURN));
      }
      to.visitLabel(invalid);
      to.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
      to.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          SHARED,
          "throwIndirectCallTypeMismatch",
          "()Ljava/lang/RuntimeException;",
          false);
      to.visitInsn(Opcodes.ATHROW);
      int slots = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
      to.visitMaxs(slots + 2, slots);
      to.visitEnd();
    }

    private static void load(MethodVisitor to, Type[] parameters) {
      int slot = 0;
      for (Type parameter : parameters) {
        to.visitVarInsn(parameter.getOpcode(Opcodes.ILOAD), slot);
        slot += parameter.getSize();
      }
    }
  }
}
