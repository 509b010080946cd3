/**
 * A linked component's instances: taken for one invocation, called, given back. What WASI and the
 * facade build on.
 */
@NullMarked
package io.wattle.runtime.component;

import org.jspecify.annotations.NullMarked;
