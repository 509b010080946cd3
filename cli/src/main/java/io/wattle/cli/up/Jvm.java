package io.wattle.cli.up;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** How to start another JVM like this one. */
final class Jvm {
  private static final String HEAP = "-Xmx";
  private static final String HEAP_PERCENTAGE = "-XX:MaxRAMPercentage=";

  private Jvm() {}

  /**
   * The command up to the main class, with this JVM's options.
   *
   * @param share each gets this part of the heap: 1 for all of it, 3 for a third
   */
  static List<String> command(int share) {
    List<String> command = new ArrayList<>();
    command.add(
        ProcessHandle.current()
            .info()
            .command()
            .orElseGet(() -> System.getProperty("java.home") + "/bin/java"));
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      command.add(shared(option, share));
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(MAIN);
    return command;
  }

  private static String shared(String option, int share) {
    if (share > 1 && option.startsWith(HEAP_PERCENTAGE)) {
      double percentage = Double.parseDouble(option.substring(HEAP_PERCENTAGE.length()));
      return HEAP_PERCENTAGE + percentage / share;
    }
    if (share > 1 && option.startsWith(HEAP)) {
      return HEAP + Runtime.getRuntime().maxMemory() / share;
    }
    return option;
  }

  private static final String MAIN = "io.wattle.cli.Main";
}
