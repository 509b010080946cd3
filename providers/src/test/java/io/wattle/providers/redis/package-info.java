/** The key-value provider on Redis, held to the contract of all key-value providers. */
@NullMarked
package io.wattle.providers.redis;

import org.jspecify.annotations.NullMarked;
