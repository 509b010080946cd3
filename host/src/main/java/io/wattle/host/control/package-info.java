/** The host's side of the control interface, and the events and heartbeats it sends. */
@NullMarked
package io.wattle.host.control;

import org.jspecify.annotations.NullMarked;
