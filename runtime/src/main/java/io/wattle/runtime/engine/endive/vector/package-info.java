/**
 * What WebAssembly's vector instructions do, described as data: a vector is a pair of 64-bit
 * halves, the low one first, and each instruction computes both halves, or a number, with static
 * methods on longs. The interpreter evaluates such a description; compiled code calls the methods.
 */
@NullMarked
package io.wattle.runtime.engine.endive.vector;

import org.jspecify.annotations.NullMarked;
