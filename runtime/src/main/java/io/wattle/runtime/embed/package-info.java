/**
 * The runtime inside somebody else's Java program: load a component, give it functions, call it.
 */
@NullMarked
package io.wattle.runtime.embed;

import org.jspecify.annotations.NullMarked;
