/**
 * Values on the move: a sink they are written to and a source they are read from, in type order,
 * without a tree.
 */
@NullMarked
package io.wattle.wit.value;

import org.jspecify.annotations.NullMarked;
