/**
 * What people watch on a lattice of our hosts: their logs, and the calls of a component. Our own
 * addition to the protocol; hosts of other make do not listen on these subjects.
 */
@NullMarked
package io.wattle.lattice.watch;

import org.jspecify.annotations.NullMarked;
