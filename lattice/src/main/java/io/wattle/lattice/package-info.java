/** The way into a lattice: one NATS connection, its options, and the errors it can fail with. */
@NullMarked
package io.wattle.lattice;

import org.jspecify.annotations.NullMarked;
