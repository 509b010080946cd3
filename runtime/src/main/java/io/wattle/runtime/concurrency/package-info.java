/**
 * Tasks, threads, waitables, streams and futures (component-model design/mvp/Concurrency.md, {@code
 * CanonicalABI.md}). One guest thread of a graph runs at a time; one that stops in the middle of a
 * function keeps its stack on a Java thread of {@link io.wattle.runtime.concurrency.Stacks}. Graphs
 * without anything async have none of this.
 */
@NullMarked
package io.wattle.runtime.concurrency;

import org.jspecify.annotations.NullMarked;
