/** The way of a call through a host: admission to a component, and the router that finds it. */
@NullMarked
package io.wattle.host.call;

import org.jspecify.annotations.NullMarked;
