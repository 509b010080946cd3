/** The HTTP server against real sockets. */
@NullMarked
package io.wattle.providers.http;

import org.jspecify.annotations.NullMarked;
