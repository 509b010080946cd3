/** Messages of a broker, by {@code wasmcloud:messaging} 0.2.0 (lattice reference, section 6.7). */
@NullMarked
package io.wattle.lattice.messaging;

import org.jspecify.annotations.NullMarked;
