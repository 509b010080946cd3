/** NATS servers that providers' links name. */
@NullMarked
package io.wattle.providers.nats;

import org.jspecify.annotations.NullMarked;
