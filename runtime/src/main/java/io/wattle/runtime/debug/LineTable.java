package io.wattle.runtime.debug;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which line of which file the code at an address comes from. Addresses count from the start of the
 * code section's content.
 *
 * @param files paths as the compiler wrote them
 * @param addresses where each row begins, ascending
 * @param fileOf index of each row's file; -1 where code ends that has lines
 * @param lines of each row
 */
record LineTable(List<String> files, int[] addresses, int[] fileOf, int[] lines) {
  /** As much as is kept of a module; a large one (CPython, 30 MB) has about half of this. */
  private static final int MOST_ROWS = 4_000_000;

  static final LineTable NONE = new LineTable(List.of(), new int[0], new int[0], new int[0]);

  private static final int MOST_FILES = 10_000;

  /** Collects rows, a run of code that hangs together at a time. */
  static final class Builder {
    private static final int END = -1;

    private record Run(int[] addresses, int[] fileOf, int[] lines) {}

    private final List<String> files = new ArrayList<>();
    private final Map<String, Integer> known = new HashMap<>();
    private final List<Run> runs = new ArrayList<>();
    private final int lowest;
    private final int highest;
    private int[] addresses = new int[64];
    private int[] fileOf = new int[64];
    private int[] lines = new int[64];
    private int count;
    private int total;

    /** Of code between two addresses; linkers leave rows of functions they dropped elsewhere. */
    Builder(int lowest, int highest) {
      this.lowest = lowest;
      this.highest = highest;
    }

    /** The number of a file for {@link #row}; negative when there are too many. */
    int file(String path) {
      if (files.size() >= MOST_FILES && !known.containsKey(path)) {
        return -2;
      }
      return known.computeIfAbsent(
          path,
          _ -> {
            files.add(path);
            return files.size() - 1;
          });
    }

    /** A row. One of line 0, of code that no line is to blame for, goes with what is before it. */
    void row(long address, int file, long line) {
      if (file < 0 || line <= 0 || line > Integer.MAX_VALUE) {
        return;
      }
      add(address, file, (int) line);
    }

    private void add(long address, int file, int line) {
      int least = count > 0 ? addresses[count - 1] : lowest;
      if (address < least || address > highest || total + count >= MOST_ROWS) {
        return;
      }
      if (count > 0 && fileOf[count - 1] == file && lines[count - 1] == line) {
        return;
      }
      if (count > 0 && addresses[count - 1] == address) {
        count--;
      }
      if (count == addresses.length) {
        addresses = Arrays.copyOf(addresses, 2 * count);
        fileOf = Arrays.copyOf(fileOf, 2 * count);
        lines = Arrays.copyOf(lines, 2 * count);
      }
      addresses[count] = (int) address;
      fileOf[count] = file;
      lines[count++] = line;
    }

    /** What follows has no connection with what came before. */
    void endRun(long address) {
      if (count > 0) {
        add(address, END, 0);
        runs.add(
            new Run(
                Arrays.copyOf(addresses, count),
                Arrays.copyOf(fileOf, count),
                Arrays.copyOf(lines, count)));
        total += count;
      }
      count = 0;
    }

    LineTable build() {
      runs.sort(Comparator.comparingInt(run -> run.addresses[0]));
      int[] allAddresses = new int[total];
      int[] allFiles = new int[total];
      int[] allLines = new int[total];
      int size = 0;
      for (Run run : runs) {
        if (size > 0 && run.addresses[0] < allAddresses[size - 1]) {
          continue; // overlaps what is there: one of the two lies
        }
        if (size > 0 && run.addresses[0] == allAddresses[size - 1]) {
          size--;
        }
        System.arraycopy(run.addresses, 0, allAddresses, size, run.addresses.length);
        System.arraycopy(run.fileOf, 0, allFiles, size, run.fileOf.length);
        System.arraycopy(run.lines, 0, allLines, size, run.lines.length);
        size += run.addresses.length;
      }
      return new LineTable(
          List.copyOf(files),
          Arrays.copyOf(allAddresses, size),
          Arrays.copyOf(allFiles, size),
          Arrays.copyOf(allLines, size));
    }
  }

  boolean isEmpty() {
    return addresses.length == 0;
  }

  /** The same of code that is elsewhere now, in the same order. */
  LineTable moved(IntUnaryOperator place) {
    return new LineTable(files, Arrays.stream(addresses).map(place).toArray(), fileOf, lines);
  }

  /** {@code file:line}, or null where nothing is known. */
  @Nullable String at(int address) {
    int found = Arrays.binarySearch(addresses, address);
    int row = found >= 0 ? found : -found - 2;
    return row < 0 || fileOf[row] < 0 ? null : files.get(fileOf[row]) + ":" + lines[row];
  }
}
