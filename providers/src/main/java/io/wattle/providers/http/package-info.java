/** The HTTP server provider: listens, routes a request to a linked component, streams both ways. */
@NullMarked
package io.wattle.providers.http;

import org.jspecify.annotations.NullMarked;
