/** Messages over NATS. */
@NullMarked
package io.wattle.providers.messaging;

import org.jspecify.annotations.NullMarked;
