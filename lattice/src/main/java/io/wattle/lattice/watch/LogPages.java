package io.wattle.lattice.watch;

/** A log that can be read page by page. */
@FunctionalInterface
public interface LogPages {
  /**
   * The lines that are asked for; waits for the first as long as the request says.
   *
   * @param maxChars at most so much text, but always one line if there is one
   */
  LogPage page(LogRequest request, int maxChars) throws InterruptedException;
}
