package io.wattle.runtime.engine.endive.split;

import io.wattle.runtime.engine.endive.split.Node.Block;
import io.wattle.runtime.engine.endive.split.Node.Sequence;
import java.util.List;
import java.util.Set;

/**
 * A run of nodes of one sequence that may become a function, and what passes between it and the
 * rest.
 *
 * @param from its first node in the sequence
 * @param to the node after its last
 * @param start number of its first node in the function, by which windows are told apart
 * @param end number after its last
 * @param taken values it takes from the operand stack
 * @param given values it leaves there when it is left at its end
 * @param in locals whose values it needs
 * @param out locals that it changes and that are looked at afterwards
 * @param exits blocks outside of it that its branches lead to
 * @param falls whether it can be left at its end
 * @param saved bytes that the function becomes smaller
 * @param score which is best: larger ones first
 */
record Window(
    Sequence sequence,
    int from,
    int to,
    int start,
    int end,
    int taken,
    int given,
    List<Integer> in,
    List<Integer> out,
    Set<Block> exits,
    boolean falls,
    int saved,
    double score) {
  boolean overlaps(Window other) {
    return start < other.end && other.start < end;
  }

  /** Whether the function has to say how it was left. */
  boolean selects() {
    return exits.size() + (falls ? 1 : 0) > 1;
  }
}
