/** What happened in a lattice, as CloudEvents (section 3 of the lattice reference). */
@NullMarked
package io.wattle.lattice.event;

import org.jspecify.annotations.NullMarked;
