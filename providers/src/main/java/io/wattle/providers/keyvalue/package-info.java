/** The key-value provider on JetStream: store, atomics and batch over a NATS key-value bucket. */
@NullMarked
package io.wattle.providers.keyvalue;

import org.jspecify.annotations.NullMarked;
