package io.wattle.runtime.engine.endive;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;

/**
 * The instances of one store by the order in which they were made. References to functions are kept
 * as (ordinal, index), which means the same in every store made of one snapshot.
 */
final class Roster {
  static final int NONE = -1;
  private @Nullable Instance[] instances = new Instance[4];
  private int count;

  void add(Instance instance) {
    if (count == instances.length) {
      instances = Arrays.copyOf(instances, count * 2);
    }
    instances[count++] = instance;
  }

  /** The ordinal of the instance that is being built. */
  int next() {
    return count;
  }

  @Nullable Instance at(int ordinal) {
    return ordinal == NONE ? null : instances[ordinal];
  }

  int ordinal(@Nullable Instance instance) {
    if (instance == null) {
      return NONE;
    }
    for (int i = 0; i < count; i++) {
      if (instances[i] == instance) {
        return i;
      }
    }
    // Being built: its initialisers run before it is added. It will be the next one.
    return count;
  }
}
