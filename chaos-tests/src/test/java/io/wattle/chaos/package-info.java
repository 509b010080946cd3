/**
 * Faults against the real processes: what {@code up} starts is loaded, killed, misled and starved,
 * and must answer, recover and lose nothing acknowledged. Every process that a test makes carries
 * the test's mark in its environment, so that none can stay behind unseen.
 */
@NullMarked
package io.wattle.chaos;

import org.jspecify.annotations.NullMarked;
