/** Figures, as ratios taken in one run on one machine. Nothing here is asserted in a test. */
@NullMarked
package io.wattle.benchmarks;

import org.jspecify.annotations.NullMarked;
