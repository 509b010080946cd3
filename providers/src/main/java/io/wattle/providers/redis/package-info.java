/** The key-value provider on Redis: store, atomics, batch and watch. */
@NullMarked
package io.wattle.providers.redis;

import org.jspecify.annotations.NullMarked;
