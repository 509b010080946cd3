package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Jump;
import io.wattle.runtime.engine.endive.split.Node.Operands;
import io.wattle.runtime.engine.endive.split.Node.Plain;
import io.wattle.runtime.engine.endive.split.Node.Sequence;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.OpCode;
import run.endive.wasm.types.ValType;

/**
 * Finds windows that are worth to become functions. What counts is how many bytes go for what the
 * call will cost at run time: values passed, ways out, and how often it is likely to run.
 */
final class Finder {
  /** Starts looked at in one sequence, so that endless ones take no quadratic time. */
  private static final int STARTS = 64;

  /** Ends looked at for one start. */
  private static final int ENDS = 64;

  private static final int LEAST_SAVED = 32;
  private static final int MOST_IN = 40;

  /**
   * What is known of a node with all it contains.
   *
   * @param local the only local it names, -1 when there is none or when they are in the sets
   * @param fixed whether it cannot be moved
   */
  private record Summary(
      int local,
      boolean use,
      long[] uses,
      long[] defs,
      Set<Block> targets,
      boolean fixed,
      int nodes) {
    static Summary leaf(int local, boolean use, boolean fixed) {
      return new Summary(local, use, NONE, NONE, Set.of(), fixed, 1);
    }

    void addTo(long[] allUses, long[] allDefs) {
      if (local >= 0) {
        (use ? allUses : allDefs)[local >> 6] |= 1L << local;
      }
      for (int i = 0; i < uses.length; i++) {
        allUses[i] |= uses[i];
        allDefs[i] |= defs[i];
      }
    }
  }

  private static final long[] NONE = {};

  private final Function function;
  private final int most;
  private final int words;
  private final IdentityHashMap<Node, Summary> summaries = new IdentityHashMap<>();
  private final List<Window> found = new ArrayList<>();
  private int number;

  private Finder(Function function, int most) {
    this.function = function;
    this.most = most;
    this.words = (function.locals.size() + 63) / 64;
  }

  /**
   * Windows of an analysed function, the best of each start.
   *
   * @param most estimated bytes of the largest
   */
  static List<Window> find(Function function, int most) {
    Finder finder = new Finder(function, most);
    finder.summarize(function.root);
    finder.visit(function.root.body, 1);
    return finder.found;
  }

  private Summary summarize(Node node) {
    Summary summary =
        switch (node) {
          case Plain plain -> {
            int operand =
                plain.instruction().operandCount() > 0 ? (int) plain.instruction().operand(0) : -1;
            yield switch (plain.instruction().opcode()) {
              case LOCAL_GET -> Summary.leaf(operand, true, isPinned(plain));
              case LOCAL_SET, LOCAL_TEE -> Summary.leaf(operand, false, false);
              case RETURN_CALL, RETURN_CALL_INDIRECT -> Summary.leaf(-1, false, true);
              default -> Summary.leaf(-1, false, isPinned(plain));
            };
          }
          case Jump jump -> {
            Set<Block> targets = new LinkedHashSet<>(jump.targets());
            yield new Summary(-1, false, NONE, NONE, targets, isPinned(jump), 1);
          }
          case Block block -> summarize(block);
        };
    summaries.put(node, summary);
    return summary;
  }

  private static boolean isPinned(Node node) {
    return node.instruction().address() == Function.PINNED;
  }

  private Summary summarize(Block block) {
    long[] uses = new long[words];
    long[] defs = new long[words];
    Set<Block> targets = new LinkedHashSet<>();
    boolean fixed = false;
    int nodes = 1;
    List<Node> inside = new ArrayList<>(block.body.nodes);
    if (block.otherwise != null) {
      inside.addAll(block.otherwise.nodes);
    }
    for (Node each : inside) {
      Summary summary = summarize(each);
      summary.addTo(uses, defs);
      targets.addAll(summary.targets);
      fixed |= summary.fixed;
      nodes += summary.nodes;
    }
    targets.remove(block);
    targets.addAll(block.handlers);
    return new Summary(-1, false, uses, defs, targets, fixed, nodes);
  }

  private Summary summary(Node node) {
    return Objects.requireNonNull(summaries.get(node));
  }

  /**
   * @param often how often it is likely to run, compared with the function's entry
   */
  private void visit(Sequence sequence, double often) {
    int count = sequence.nodes.size();
    int[] numbers = new int[count + 1];
    for (int i = 0; i < count; i++) {
      numbers[i] = number++;
      if (sequence.nodes.get(i) instanceof Block block) {
        if (block.opcode() == OpCode.TRY_TABLE || Function.isOfCall(block)) {
          // What a throw would find in the locals must stay there, and what a call handed back must
          // be taken up at once: only the whole may go.
          number += summary(block).nodes - 1;
          continue;
        }
        double inside =
            switch (block.opcode()) {
              case LOOP -> often * 8;
              case IF -> often / 2;
              default -> often;
            };
        visit(block.body, inside);
        if (block.otherwise != null) {
          visit(block.otherwise, inside);
        }
      }
    }
    numbers[count] = number;
    List<Integer> cuts = cuts(sequence);
    double step = Math.max(1, cuts.size() / (double) STARTS);
    for (double at = 0; at < cuts.size(); at += step) {
      from(sequence, cuts, (int) at, numbers, often);
    }
  }

  /** Positions where the operand stack is lower than around them. */
  private static List<Integer> cuts(Sequence sequence) {
    List<Integer> cuts = new ArrayList<>();
    int count = sequence.nodes.size();
    int before = Integer.MAX_VALUE;
    for (int i = 0; i <= count; i++) {
      Operands here = sequence.operands[i];
      Operands next = i < count ? sequence.operands[i + 1] : null;
      int height = here == null ? 0 : here.height();
      int after = next == null ? Integer.MAX_VALUE : next.height();
      if (height <= before && height <= after && !isInsideCall(sequence, i)) {
        cuts.add(i);
      }
      before = height;
    }
    return cuts;
  }

  private static boolean isInsideCall(Sequence sequence, int at) {
    if (at == 0 || at == sequence.nodes.size()) {
      return false;
    }
    Node before = sequence.nodes.get(at - 1);
    return Function.isOfCall(before)
        && before.instruction().address() == sequence.nodes.get(at).instruction().address();
  }

  /** What a growing window contains. */
  private static final class Reach {
    final long[] uses;
    final long[] defs;
    final Set<Block> exits = new LinkedHashSet<>();
    final long[] liveAtExits;
    int lowest;
    int bytes;

    Reach(int words, int height) {
      uses = new long[words];
      defs = new long[words];
      liveAtExits = new long[words];
      lowest = height;
    }

    void add(Summary summary, int size, int low) {
      bytes += size;
      lowest = Math.min(lowest, low);
      summary.addTo(uses, defs);
      for (Block target : summary.targets) {
        if (exits.add(target)) {
          for (int i = 0; i < liveAtExits.length; i++) {
            liveAtExits[i] |= target.liveAtTarget[i];
          }
        }
      }
    }
  }

  /** Tries all ends of windows that begin at a cut, and keeps the best. */
  private void from(Sequence sequence, List<Integer> cuts, int first, int[] numbers, double often) {
    int from = cuts.get(first);
    if (from == sequence.nodes.size()) {
      return;
    }
    int height = Objects.requireNonNull(sequence.operands[from]).height();
    Reach reach = new Reach(words, height);
    Window best = null;
    int at = from;
    int looked = 0;
    for (int next = first + 1; next < cuts.size(); next++) {
      int to = cuts.get(next);
      boolean grows = true;
      for (; at < to && grows; at++) {
        Summary summary = summary(sequence.nodes.get(at));
        reach.add(summary, sequence.bytes[at], sequence.lowest[at]);
        grows = !summary.fixed && reach.bytes <= most;
      }
      if (!grows) {
        break;
      }
      if (reach.bytes < looked + most / ENDS && next < cuts.size() - 1) {
        continue;
      }
      looked = reach.bytes;
      Window window = window(sequence, from, to, numbers, reach, often);
      if (window != null && (best == null || window.score() > best.score())) {
        best = window;
      }
    }
    if (best != null) {
      found.add(best);
    }
  }

  private @Nullable Window window(
      Sequence sequence, int from, int to, int[] numbers, Reach reach, double often) {
    Operands start = Objects.requireNonNull(sequence.operands[from]);
    Operands end = sequence.operands[to];
    boolean falls = end != null;
    int taken = start.height() - reach.lowest;
    int given = end == null ? 0 : end.height() - reach.lowest;
    List<Integer> in = new ArrayList<>();
    List<Integer> out = new ArrayList<>();
    long[] liveBefore = sequence.live[from];
    long[] liveAfter = sequence.live[to];
    for (int w = 0; w < liveBefore.length; w++) {
      long outs = reach.defs[w] & (reach.liveAtExits[w] | (falls ? liveAfter[w] : 0));
      long ins = liveBefore[w] & (reach.uses[w] | outs);
      for (; outs != 0; outs &= outs - 1) {
        out.add(w * 64 + Long.numberOfTrailingZeros(outs));
      }
      for (; ins != 0; ins &= ins - 1) {
        in.add(w * 64 + Long.numberOfTrailingZeros(ins));
      }
    }
    if (taken + in.size() > MOST_IN) {
      return null;
    }
    Interface passed = new Interface();
    passed.results(start.top(taken), false);
    in.forEach(local -> passed.check(function.locals.get(local)));
    out.forEach(local -> passed.add(function.locals.get(local)));
    if (end != null) {
      passed.results(end.top(given), true);
    }
    reach.exits.forEach(exit -> passed.results(exit.carried(), true));
    if (!passed.fits()) {
      return null;
    }
    int ways = reach.exits.size() + (falls ? 1 : 0);
    int carried = reach.exits.stream().mapToInt(exit -> exit.carried().size()).sum();
    int stub =
        11
            + 3 * in.size()
            + 11 * (out.size() + given + carried)
            + (ways <= 1 ? 3 : ways == 2 ? 8 : 22 + 4 * ways);
    int saved = reach.bytes - stub;
    if (saved < LEAST_SAVED) {
      return null;
    }
    double price = 6 + in.size() + taken + 2.0 * (out.size() + given) + 3.0 * (ways - 1);
    return new Window(
        sequence,
        from,
        to,
        numbers[from],
        numbers[to],
        taken,
        given,
        in,
        out,
        new LinkedHashSet<>(reach.exits),
        falls,
        saved,
        saved / (price * often));
  }

  /**
   * What passes between a window and the rest: only numbers may, and no more than there is room
   * for.
   */
  private static final class Interface {
    private final Spill.Room common = new Spill.Room();
    private boolean fits = true;

    void check(ValType type) {
      fits &= Spill.holds(type);
    }

    void add(ValType type) {
      fits = fits && Spill.holds(type) && common.take(type) >= 0;
    }

    void results(List<ValType> types, boolean passedBack) {
      Spill.Room room = new Spill.Room(common);
      for (ValType type : types) {
        fits = fits && Spill.holds(type) && (!passedBack || room.take(type) >= 0);
      }
    }

    boolean fits() {
      return fits;
    }
  }
}
