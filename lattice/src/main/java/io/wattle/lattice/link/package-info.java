/**
 * Links between components and providers: what identifies them and when two conflict (section 5 of
 * the lattice reference).
 */
@NullMarked
package io.wattle.lattice.link;

import org.jspecify.annotations.NullMarked;
