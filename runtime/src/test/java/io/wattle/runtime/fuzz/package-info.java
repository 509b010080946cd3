/** Inputs that nobody thought of: decoder, validator and canonical ABI under Jazzer. */
@NullMarked
package io.wattle.runtime.fuzz;

import org.jspecify.annotations.NullMarked;
