/**
 * The planner: what is wanted and what is seen go in, what to do and how it stands come out. Pure;
 * the clock is part of what is seen. Dry runs, simulations and property tests need nothing else.
 */
@NullMarked
package io.wattle.controlplane.plan;

import org.jspecify.annotations.NullMarked;
