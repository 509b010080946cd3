/** What people watch while it happens: the host's log and the calls of its components. */
@NullMarked
package io.wattle.host.watch;

import org.jspecify.annotations.NullMarked;
