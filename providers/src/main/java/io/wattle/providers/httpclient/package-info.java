/** HTTP requests to the outside: the client, and the provider that lends it to components. */
@NullMarked
package io.wattle.providers.httpclient;

import org.jspecify.annotations.NullMarked;
