/** The events a host sends. */
@NullMarked
package io.wattle.host.event;

import org.jspecify.annotations.NullMarked;
