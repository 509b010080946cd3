/** Tools that tests need, of fixed versions, for other modules too. */
@NullMarked
package io.wattle.runtime.testing;

import org.jspecify.annotations.NullMarked;
