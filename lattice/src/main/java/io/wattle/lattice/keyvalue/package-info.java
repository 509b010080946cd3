/** The key-value capability as wRPC calls, both ends (section 6.7 of the lattice reference). */
@NullMarked
package io.wattle.lattice.keyvalue;

import org.jspecify.annotations.NullMarked;
