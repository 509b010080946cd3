package io.wattle.runtime.wasi;

/**
 * Which of a component's standard streams are terminals, which is what {@code isatty} answers it:
 * by {@code wasi:cli/terminal-stdin} and the others, in preview 1 by the type of the descriptor.
 */
public record Terminals(boolean stdin, boolean stdout, boolean stderr) {
  /** No stream is one. */
  public static final Terminals NONE = new Terminals(false, false, false);
}
