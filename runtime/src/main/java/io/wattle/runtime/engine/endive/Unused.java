package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.endive.split.Lowered;
import io.wattle.runtime.engine.endive.split.Splitter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import run.endive.wasm.WasmModule;

/**
 * What Endive generates for functions and types that were added to a module, and that nothing
 * calls: functions whose calls become something else, entries by number for what only compiled code
 * calls, and indirect calls of types that no call names.
 *
 * @param functions added ones that are never run
 * @param declared how many functions the author's module has
 * @param types how many types it has
 */
record Unused(Set<Integer> functions, int declared, int types) {
  private static final Pattern NUMBERED =
      Pattern.compile("(func|call|callWithRefs|call_indirect)_(\\d+)");

  static Unused of(WasmModule author, Lowered lowered, Splitter.Result split) {
    Set<Integer> functions = new HashSet<>(lowered.standIns().keySet());
    functions.addAll(split.accessors().keySet());
    return new Unused(functions, lowered.functions(), author.typeSection().subTypeCount());
  }

  /** Whether nothing calls a generated method. */
  boolean isMethod(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (!numbered.matches()) {
      return false;
    }
    int number = Integer.parseInt(numbered.group(2));
    return switch (numbered.group(1)) {
      case "func" -> functions.contains(number);
      case "call_indirect" -> number >= types;
      default -> number >= declared;
    };
  }

  /** Whether a method calls functions by their numbers. */
  boolean isDispatch(String name, int access) {
    return (access & Opcodes.ACC_STATIC) != 0
        && (name.equals("call")
            || name.equals("callWithRefs")
            || name.startsWith("call_dispatch_")
            || name.startsWith("callWithRefs_dispatch_"));
  }

  /** Leaves out its ways to what is unused: they are with those to functions that are not there. */
  MethodVisitor dispatch(MethodVisitor next, int access, String name, String descriptor) {
    return new MethodNode(Opcodes.ASM9, access, name, descriptor, null, null) {
      @Override
      public void visitEnd() {
        for (AbstractInsnNode each : instructions.toArray()) {
          if (each instanceof TableSwitchInsnNode table) {
            shorten(table);
          }
        }
        accept(next);
      }

      private void shorten(TableSwitchInsnNode table) {
        List<LabelNode> kept = new ArrayList<>();
        for (LabelNode label : table.labels) {
          AbstractInsnNode first = label.getNext();
          while (first instanceof FrameNode) {
            first = first.getNext();
          }
          if (first instanceof MethodInsnNode call && isMethod(call.name)) {
            while (label.getNext().getOpcode() != Opcodes.ARETURN) {
              instructions.remove(label.getNext());
            }
            instructions.remove(label.getNext());
            kept.add(table.dflt);
          } else {
            kept.add(label);
          }
        }
        while (kept.size() > 1 && kept.getLast().equals(table.dflt)) {
          kept.removeLast();
          table.max--;
        }
        table.labels = kept;
      }
    };
  }
}
