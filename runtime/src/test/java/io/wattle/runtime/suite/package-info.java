/** The official test suite of the component model, run against this runtime. */
@NullMarked
package io.wattle.runtime.suite;

import org.jspecify.annotations.NullMarked;
