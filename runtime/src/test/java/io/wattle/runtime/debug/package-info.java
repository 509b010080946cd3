/** Interfaces of the host. */
@NullMarked
package io.wattle.runtime.debug;

import org.jspecify.annotations.NullMarked;
