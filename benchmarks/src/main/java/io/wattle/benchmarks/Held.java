package io.wattle.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;

/** Bytes that this JVM holds. */
final class Held {
  private Held() {}

  static long heap() {
    return used("Eden", "Survivor", "Old", "Tenured");
  }

  static long metaspace() {
    return used("Metaspace", "Class Space");
  }

  static long compiledCode() {
    return used("CodeHeap", "CodeCache");
  }

  private static long used(String... names) {
    long sum = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      for (String name : names) {
        // "Metaspace" has "Compressed Class Space" in it.
        if (pool.getName().contains(name) && !pool.getName().equals("Compressed Class Space")) {
          sum += pool.getUsage().getUsed();
        }
      }
    }
    return sum;
  }
}
