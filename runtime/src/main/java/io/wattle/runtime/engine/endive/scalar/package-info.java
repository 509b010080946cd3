/** What instructions on numbers compute where neither Java nor Endive does as specified. */
@NullMarked
package io.wattle.runtime.engine.endive.scalar;

import org.jspecify.annotations.NullMarked;
