package io.wattle.runtime.engine.endive;

import static run.endive.wasm.types.Value.REF_NULL_VALUE;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.engine.TrapException.Kind;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;

/**
 * The instances of one store by the order in which they were made, and its functions by number: an
 * instance has a number for each, those that it imports included, behind those of the instances
 * before it. A reference to a function is such a number, or -1 for null, wherever a guest may hold
 * one; in tables it is an element, which says the same as (ordinal, index). Both mean the same in
 * every store made of one snapshot.
 */
final class Roster {
  /** The element that refers to nothing. */
  static final long NOTHING = -1;

  private static final int NONE = -1;
  private @Nullable Instance[] instances = new Instance[4];

  /** The number of each instance's first function, and behind them that of the next one's. */
  private int[] bases = new int[5];

  private int count;

  /** Where a number was found last: mostly the next one is there too. */
  private int recent;

  /** The number of the first function of the next instance, if the store has room for all. */
  int admit(int functions) {
    int base = bases[count];
    if (functions > Integer.MAX_VALUE - base) {
      throw new TrapException(
          Kind.LIMIT,
          "functions of all instances of a store: "
              + ((long) base + functions)
              + " (expected: <= "
              + Integer.MAX_VALUE
              + ")");
    }
    return base;
  }

  /** Adds the next instance. */
  void add(Instance instance, int functions) {
    int next = admit(functions) + functions;
    if (count == instances.length) {
      instances = Arrays.copyOf(instances, count * 2);
      bases = Arrays.copyOf(bases, count * 2 + 1);
    }
    instances[count++] = instance;
    bases[count] = next;
  }

  /** The ordinal of the instance that is being built. */
  int next() {
    return count;
  }

  @Nullable Instance at(int ordinal) {
    return ordinal == NONE ? null : instances[ordinal];
  }

  /** What a table has of a function by its number. */
  long element(int number) {
    if (number == REF_NULL_VALUE) {
      return NOTHING;
    }
    int ordinal = recent;
    if (ordinal >= count || number < bases[ordinal] || number >= bases[ordinal + 1]) {
      ordinal = find(number);
      recent = ordinal;
    }
    return (long) ordinal << Integer.SIZE | number - bases[ordinal];
  }

  /** The last instance that begins at a number or before it: those without functions are empty. */
  private int find(int number) {
    if (number < 0 || number >= bases[count]) {
      throw new TrapException(Kind.TRAP, "a reference to a function that the store does not have");
    }
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (bases[middle] <= number) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The number of a table's element. */
  int number(long element) {
    return element == NOTHING ? REF_NULL_VALUE : bases[ordinal(element)] + index(element);
  }

  /** The instance of an element, null when it refers to nothing. */
  @Nullable Instance instance(long element) {
    return at(ordinal(element));
  }

  static int ordinal(long element) {
    return (int) (element >> Integer.SIZE);
  }

  /** The index of an element's function in its instance, -1 when it refers to nothing. */
  static int index(long element) {
    return (int) element;
  }
}
