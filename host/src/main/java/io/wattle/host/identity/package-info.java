/**
 * Who a host is: its key, its name, and the guarantee that nobody else on this machine is it too.
 */
@NullMarked
package io.wattle.host.identity;

import org.jspecify.annotations.NullMarked;
