/** The lattice's JSON. */
@NullMarked
package io.wattle.lattice.json;

import org.jspecify.annotations.NullMarked;
