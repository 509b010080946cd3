/**
 * A call from one entity of the lattice to another: the same whether the target is in this process
 * or far away.
 */
@NullMarked
package io.wattle.lattice.call;

import org.jspecify.annotations.NullMarked;
