package io.wattle.cli.base;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, as wide as they need to be; no lines are drawn, so that scripts can cut it. */
public final class Table {
  private static final String GAP = "  ";
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with the given column heads. */
  public static Table of(String... heads) {
    return new Table().row((Object[]) heads);
  }

  /** A table without column heads. */
  public static Table plain() {
    return new Table();
  }

  private Table() {}

  /** Adds a row. */
  public Table row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(Printable.line(String.valueOf(cell)));
    }
    rows.add(List.copyOf(row));
    return this;
  }

  /** The lines, without spaces at their ends. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    int[] widths = widths();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private int[] widths() {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    return widths;
  }

  @Override
  public String toString() {
    return String.join("\n", lines());
  }
}
