/**
 * The control interface: what hosts are asked to do, and how they answer (section 2 of the lattice
 * reference).
 */
@NullMarked
package io.wattle.lattice.control;

import org.jspecify.annotations.NullMarked;
