package io.wattle.runtime.engine.endive;

import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * A loop that counts from one constant to another, as the rounds of a hash do, with no other loop
 * in it. It ends by itself, so that it needs no stop check; and written with a comparison of order,
 * it is one whose iterations HotSpot knows: it compares an array's length with all indices at once
 * before it, and unrolls it.
 *
 * <pre>
 *   v = first;
 *   head: ...
 *         v += step;
 *         if (v == last) goto exit;   becomes   if (v &lt; last) goto head;
 *         goto head;
 *   exit:
 * </pre>
 *
 * @param exit the jump out of it, right before the one back
 * @param back to its head
 * @param opcode of the jump that takes the place of both
 * @param instructions that it runs, all iterations together
 */
record CountedLoop(JumpInsnNode exit, AbstractInsnNode back, int opcode, int instructions) {
  /** Instructions that such a loop runs at most: compiled some microseconds. */
  private static final int MOST = 20_000;

  /** From a jump that compares an int with 0 to the one that compares two. */
  private static final int TWO = Opcodes.IF_ICMPEQ - Opcodes.IFEQ;

  /** How a local changes between two iterations. */
  private record Counter(int local, int step, AbstractInsnNode store) {}

  /**
   * The loop with that head, if it is one; nothing is caught in the function.
   *
   * @param back the only jump to the head
   * @param isTarget whether there are jumps to a label
   * @param others jumps back of all loops
   */
  static @Nullable CountedLoop of(
      LabelNode head,
      AbstractInsnNode back,
      Predicate<LabelNode> isTarget,
      Set<AbstractInsnNode> others) {
    if (back.getOpcode() != Opcodes.GOTO
        || !(back.getPrevious() instanceof JumpInsnNode exit)
        || !leadsBehind(exit, back)) {
      return null;
    }
    boolean withZero = exit.getOpcode() >= Opcodes.IFEQ && exit.getOpcode() <= Opcodes.IFLE;
    Integer last = withZero ? Integer.valueOf(0) : constant(exit.getPrevious());
    AbstractInsnNode compared = withZero ? exit.getPrevious() : previous(exit.getPrevious());
    Counter counter = counter(compared);
    if (last == null || counter == null) {
      return null;
    }
    int length = length(head, back, counter, others);
    Integer first = length < 0 ? null : before(head, counter.local, isTarget);
    if (first == null) {
      return null;
    }
    int test = withZero ? exit.getOpcode() + TWO : exit.getOpcode();
    long iterations = iterations(first, last, counter.step, test);
    if (iterations < 1 || iterations * length > MOST) {
      return null;
    }
    int again = counter.step > 0 ? Opcodes.IF_ICMPLT : Opcodes.IF_ICMPGT;
    return new CountedLoop(exit, back, withZero ? again - TWO : again, (int) (iterations * length));
  }

  /** Writes it with one jump, which leads back. */
  AbstractInsnNode apply(InsnList code, LabelNode head) {
    JumpInsnNode again = new JumpInsnNode(opcode, head);
    code.set(exit, again);
    code.remove(back);
    return again;
  }

  /** Whether a jump leads to what follows the other one. */
  private static boolean leadsBehind(JumpInsnNode exit, AbstractInsnNode back) {
    for (AbstractInsnNode at = back.getNext();
        at != null && at.getOpcode() < 0;
        at = at.getNext()) {
      if (at.equals(exit.label)) {
        return true;
      }
    }
    return false;
  }

  /** What an instruction leaves on the stack, if it is the sum of a local and a constant in it. */
  private static @Nullable Counter counter(@Nullable AbstractInsnNode sum) {
    AbstractInsnNode store = sum;
    AbstractInsnNode add;
    if (sum instanceof VarInsnNode again && again.getOpcode() == Opcodes.ILOAD) {
      store = previous(sum);
      add = previous(store);
      if (!(store instanceof VarInsnNode same && same.var == again.var)) {
        return null;
      }
    } else {
      add = previous(previous(sum));
      if (sum == null || !is(previous(sum), Opcodes.DUP)) {
        return null;
      }
    }
    Integer step = constant(previous(add));
    boolean isSum = is(add, Opcodes.IADD) || is(add, Opcodes.ISUB);
    return isSum
            && step != null
            && step != Integer.MIN_VALUE
            && store instanceof VarInsnNode to
            && to.getOpcode() == Opcodes.ISTORE
            && previous(previous(add)) instanceof VarInsnNode from
            && from.getOpcode() == Opcodes.ILOAD
            && from.var == to.var
        ? new Counter(to.var, is(add, Opcodes.IADD) ? step : -step, to)
        : null;
  }

  /**
   * Instructions of an iteration; -1 where the counter is set elsewhere or another loop is in it.
   */
  private static int length(
      LabelNode head, AbstractInsnNode back, Counter counter, Set<AbstractInsnNode> others) {
    int length = 0;
    for (AbstractInsnNode at = head; !at.equals(back); at = at.getNext()) {
      length += at.getOpcode() >= 0 ? 1 : 0;
      boolean setsElsewhere = isStore(at, counter.local) && !at.equals(counter.store);
      if (setsElsewhere || others.contains(at)) {
        return -1;
      }
    }
    return length;
  }

  /** What the local is for sure when the loop is entered, which is from above. */
  private static @Nullable Integer before(
      LabelNode head, int local, Predicate<LabelNode> isTarget) {
    for (AbstractInsnNode at = head.getPrevious(); at != null; at = at.getPrevious()) {
      if (isStore(at, local)) {
        return constant(at.getPrevious());
      }
      if ((at instanceof LabelNode label && isTarget.test(label)) || StripMining.endsThere(at)) {
        return null;
      }
    }
    return null;
  }

  /** 0 where it may be that it never ends, or that the counter passes its end. */
  private static long iterations(int first, int last, int step, int test) {
    long way = step > 0 ? (long) last - first : (long) first - last;
    long stride = Math.abs((long) step);
    boolean fits =
        switch (test) {
          case Opcodes.IF_ICMPEQ -> stride != 0 && way % stride == 0;
          case Opcodes.IF_ICMPGE -> step > 0 && last <= Integer.MAX_VALUE - stride;
          case Opcodes.IF_ICMPLE -> step < 0 && last >= Integer.MIN_VALUE + stride;
          default -> false;
        };
    return fits && way > 0 ? (way + stride - 1) / stride : 0;
  }

  private static boolean isStore(AbstractInsnNode at, int local) {
    return at instanceof VarInsnNode store
        && store.getOpcode() == Opcodes.ISTORE
        && store.var == local;
  }

  private static boolean is(@Nullable AbstractInsnNode at, int opcode) {
    return at != null && at.getOpcode() == opcode;
  }

  private static @Nullable AbstractInsnNode previous(@Nullable AbstractInsnNode at) {
    return at == null ? null : at.getPrevious();
  }

  private static @Nullable Integer constant(@Nullable AbstractInsnNode push) {
    return switch (push) {
      case InsnNode plain
          when plain.getOpcode() >= Opcodes.ICONST_M1 && plain.getOpcode() <= Opcodes.ICONST_5 ->
          plain.getOpcode() - Opcodes.ICONST_0;
      case IntInsnNode small when small.getOpcode() != Opcodes.NEWARRAY -> small.operand;
      case LdcInsnNode large when large.cst instanceof Integer value -> value;
      case null, default -> null;
    };
  }
}
