/**
 * JSON as the lattice speaks it: snake case, tolerant of unknown fields, which survive rewriting.
 */
@NullMarked
package io.wattle.lattice.json;

import org.jspecify.annotations.NullMarked;
