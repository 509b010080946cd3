package io.wattle.runtime.engine.endive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Puts the stop checks into the loops of a function, one for each strip of iterations. Jumps back
 * are counted in a local that all loops of the function share: so no more of them than a strip has
 * lie between two checks, however loops are nested. To HotSpot that is a loop without volatile
 * reads, in which what it knows of memory holds, inside another one. Counted down it is one with a
 * counter, so that it needs no safepoint in each iteration and may be unrolled, which gains where
 * accesses are cheap.
 *
 * <pre>
 *   outer: check; count = strip;
 *   head:  ...
 *          if (--count &gt; 0) goto head; else goto outer;
 * </pre>
 *
 * Counted up it is none.
 *
 * <pre>
 *   outer: check;
 *   head:  ...
 *          if ((++count &amp; strip - 1) != 0) goto head; else goto outer;
 * </pre>
 *
 * <p>A {@link CountedLoop} ends by itself, and its instructions count among those of the loop
 * around it.
 *
 * <p>A loop is entered at its head. Where several jumps lead back to one head, they share the
 * counting. Frames are expected as they are when expanded.
 */
final class StripMining extends MethodNode {
  /** Adds a stop check to code. */
  @FunctionalInterface
  interface Check {
    void addTo(MethodVisitor code);
  }

  private final MethodVisitor to;
  private final IntUnaryOperator strip;
  private final boolean countsDown;
  private final boolean isPart;
  private final Check check;
  private final Consumer<InsnList> before;
  private final int arguments;

  /** The slot of the counter: the first one behind the parameters. */
  private final int count;

  private int most;

  /** Jumps to a loop's head. */
  private record Loop(List<AbstractInsnNode> back) {}

  /**
   * For one method, which is static.
   *
   * @param strip most jumps back between two checks, a power of two up to 2^15, by the instructions
   *     that loops without a check run
   * @param countsDown whether jumps back are counted down
   * @param isPart whether it has no check at its entry: then there is one at the first jump back,
   *     and before each loop without
   * @param before changes the code first, except for its jumps
   */
  StripMining(
      MethodVisitor to,
      int access,
      String name,
      String descriptor,
      IntUnaryOperator strip,
      boolean countsDown,
      boolean isPart,
      Check check,
      Consumer<InsnList> before) {
    super(Opcodes.ASM9, access, name, descriptor, null, null);
    this.to = to;
    this.strip = strip;
    this.countsDown = countsDown;
    this.isPart = isPart;
    this.check = check;
    this.before = before;
    this.arguments = Type.getArgumentCount(descriptor);
    this.count = (Type.getArgumentsAndReturnSizes(descriptor) >> 2) - 1;
  }

  @Override
  public void visitEnd() {
    before.accept(instructions);
    Shortcuts.apply(instructions);
    Map<LabelNode, Loop> loops = loops();
    most = strip.applyAsInt(withoutChecks(loops));
    if (!loops.isEmpty()) {
      makeRoom();
      loops.forEach((head, loop) -> rewrite(head, loop.back));
      InsnList start = new InsnList();
      start.add(new IntInsnNode(Opcodes.SIPUSH, countAtFirst()));
      start.add(new VarInsnNode(Opcodes.ISTORE, count));
      instructions.insert(start);
    }
    accept(to);
  }

  /** As after a check; in a part as before one. */
  private int countAtFirst() {
    if (countsDown) {
      return isPart ? 1 : most;
    }
    return isPart ? most - 1 : 0;
  }

  /** By their heads, which are what jumps lead back to. */
  private Map<LabelNode, Loop> loops() {
    Map<LabelNode, Loop> loops = new LinkedHashMap<>();
    Set<LabelNode> seen = new HashSet<>();
    for (AbstractInsnNode each : instructions) {
      if (each instanceof LabelNode label) {
        var _ = seen.add(label);
      } else {
        for (LabelNode target : targets(each)) {
          if (seen.contains(target)) {
            var _ =
                loops.computeIfAbsent(target, head -> new Loop(new ArrayList<>())).back.add(each);
          }
        }
      }
    }
    return loops;
  }

  /** Takes out and changes those that need none; instructions that they run. */
  private int withoutChecks(Map<LabelNode, Loop> loops) {
    if (loops.isEmpty() || !tryCatchBlocks.isEmpty()) {
      return 0;
    }
    Map<LabelNode, Integer> targets = new HashMap<>();
    for (AbstractInsnNode each : instructions) {
      targets(each).forEach(label -> targets.merge(label, 1, Integer::sum));
    }
    Set<AbstractInsnNode> back = new HashSet<>();
    loops.values().forEach(loop -> back.addAll(loop.back));
    int instead = 0;
    for (Map.Entry<LabelNode, Loop> loop : List.copyOf(loops.entrySet())) {
      LabelNode head = loop.getKey();
      List<AbstractInsnNode> jumps = loop.getValue().back;
      // Other jumps to its head lead into it from before it.
      CountedLoop counted =
          targets.getOrDefault(head, 0) > 1
              ? null
              : CountedLoop.of(head, jumps.getFirst(), targets::containsKey, back);
      if (counted != null) {
        var _ = back.add(counted.apply(instructions, head));
        loops.remove(head);
        instead += counted.instructions();
        if (isPart) {
          instructions.insertBefore(head, checked());
        }
      }
    }
    return instead;
  }

  private InsnList checked() {
    MethodNode checked = new MethodNode();
    check.addTo(checked);
    return checked.instructions;
  }

  private static Set<LabelNode> targets(AbstractInsnNode instruction) {
    Set<LabelNode> targets = new HashSet<>();
    switch (instruction) {
      case JumpInsnNode jump -> targets.add(jump.label);
      case TableSwitchInsnNode table -> {
        targets.addAll(table.labels);
        targets.add(table.dflt);
      }
      case LookupSwitchInsnNode lookup -> {
        targets.addAll(lookup.labels);
        targets.add(lookup.dflt);
      }
      default -> {}
    }
    return targets;
  }

  private static void retarget(AbstractInsnNode instruction, LabelNode from, LabelNode to) {
    switch (instruction) {
      case JumpInsnNode jump -> jump.label = to;
      case TableSwitchInsnNode table -> {
        table.labels.replaceAll(label -> label.equals(from) ? to : label);
        table.dflt = table.dflt.equals(from) ? to : table.dflt;
      }
      case LookupSwitchInsnNode lookup -> {
        lookup.labels.replaceAll(label -> label.equals(from) ? to : label);
        lookup.dflt = lookup.dflt.equals(from) ? to : lookup.dflt;
      }
      default -> throw new IllegalArgumentException("no jump: " + instruction.getOpcode());
    }
  }

  private void makeRoom() {
    maxLocals++;
    for (AbstractInsnNode each : instructions) {
      switch (each) {
        case VarInsnNode access -> access.var += access.var >= count ? 1 : 0;
        case IincInsnNode access -> access.var += access.var >= count ? 1 : 0;
        case FrameNode frame when frame.local.size() >= arguments -> {
          frame.local = new ArrayList<>(frame.local);
          frame.local.add(arguments, Opcodes.INTEGER);
        }
        default -> {} // Frames without parameters are those of code that cannot be reached.
      }
    }
  }

  private void rewrite(LabelNode head, List<AbstractInsnNode> back) {
    FrameNode frame = frameAt(head);
    LabelNode outer = new LabelNode();
    InsnList before = new InsnList();
    if (isReachedFromAbove(head)) {
      before.add(new JumpInsnNode(Opcodes.GOTO, head));
    }
    before.add(outer);
    before.add(copy(frame));
    before.add(checked());
    if (countsDown) {
      before.add(new IntInsnNode(Opcodes.SIPUSH, most));
      before.add(new VarInsnNode(Opcodes.ISTORE, count));
    }
    instructions.insertBefore(head, before);

    InsnList counting = new InsnList();
    AbstractInsnNode last = back.getLast();
    // There cannot be two frames at one place: that of a goto which is jumped to, and ours. And
    // where exceptions are caught there may be more in locals than at a head outside.
    boolean isInPlace =
        last.getOpcode() == Opcodes.GOTO
            && (back.size() == 1
                || (tryCatchBlocks.isEmpty() && !(last.getPrevious() instanceof FrameNode)));
    List<AbstractInsnNode> others = isInPlace ? back.subList(0, back.size() - 1) : back;
    if (!others.isEmpty()) {
      LabelNode latch = new LabelNode();
      others.forEach(jump -> retarget(jump, head, latch));
      counting.add(latch);
      counting.add(copy(frame));
    }
    counting.add(new IincInsnNode(count, countsDown ? -1 : 1));
    counting.add(new VarInsnNode(Opcodes.ILOAD, count));
    if (!countsDown) {
      counting.add(new IntInsnNode(Opcodes.SIPUSH, most - 1));
      counting.add(new InsnNode(Opcodes.IAND));
    }
    counting.add(new JumpInsnNode(countsDown ? Opcodes.IFGT : Opcodes.IFNE, head));
    counting.add(new JumpInsnNode(Opcodes.GOTO, outer));
    if (isInPlace) {
      instructions.insert(last, counting);
      instructions.remove(last);
    } else { // All jump forward to it: behind the method's last instruction, which jumps or ends.
      instructions.add(counting);
    }
  }

  /** Whether the instruction before goes on to it, or may, as far as can be seen here. */
  private static boolean isReachedFromAbove(LabelNode head) {
    AbstractInsnNode previous = head.getPrevious();
    return previous == null || !endsThere(previous);
  }

  /** Whether what follows an instruction is not reached from it. */
  static boolean endsThere(AbstractInsnNode instruction) {
    int opcode = instruction.getOpcode();
    return opcode == Opcodes.GOTO
        || opcode == Opcodes.ATHROW
        || opcode == Opcodes.TABLESWITCH
        || opcode == Opcodes.LOOKUPSWITCH
        || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
  }

  private static FrameNode copy(FrameNode frame) {
    return new FrameNode(
        Opcodes.F_NEW,
        frame.local.size(),
        frame.local.toArray(),
        frame.stack.size(),
        frame.stack.toArray());
  }

  private static FrameNode frameAt(LabelNode head) {
    @Nullable AbstractInsnNode at = head;
    while (at != null && at.getOpcode() < 0) {
      if (at instanceof FrameNode frame) {
        return frame;
      }
      at = at.getNext();
    }
    throw new IllegalStateException("generated code jumps back to where there is no frame");
  }
}
