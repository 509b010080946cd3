/** The runtime seen from outside. */
@NullMarked
package io.wattle.runtime;

import org.jspecify.annotations.NullMarked;
