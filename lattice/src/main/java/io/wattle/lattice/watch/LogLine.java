package io.wattle.lattice.watch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of a host's log.
 *
 * @param seq counts the lines of one host from 1, without a gap
 * @param id the component or provider that said it, null for the host itself
 * @param level ERROR, WARN, INFO, DEBUG or TRACE
 * @param source {@code stdout}, {@code stderr}, a context of {@code wasi:logging}, or the class
 */
public record LogLine(
    long seq, Instant time, String level, @Nullable String id, String source, String text) {}
