package io.wattle.lattice.watch;

import java.util.List;

/**
 * Lines of a host's log, in order.
 *
 * @param next what the next request says as {@code after}
 * @param lost lines after the request's {@code after} that the host no longer had: it keeps so many
 */
public record LogPage(List<LogLine> lines, long next, long lost) {
  public LogPage {
    lines = lines == null ? List.of() : List.copyOf(lines);
  }
}
