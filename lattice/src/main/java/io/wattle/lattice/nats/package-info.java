/**
 * A NATS server for development: finding a binary, starting it, and seeing that it ends with its
 * parent.
 */
@NullMarked
package io.wattle.lattice.nats;

import org.jspecify.annotations.NullMarked;
