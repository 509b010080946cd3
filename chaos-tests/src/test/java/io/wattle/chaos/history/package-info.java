/**
 * What clients asked for and were told, with times, and what must be true of it whatever happened
 * meanwhile.
 */
@NullMarked
package io.wattle.chaos.history;

import org.jspecify.annotations.NullMarked;
