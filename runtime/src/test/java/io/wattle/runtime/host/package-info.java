/** Interfaces of the host. */
@NullMarked
package io.wattle.runtime.host;

import org.jspecify.annotations.NullMarked;
