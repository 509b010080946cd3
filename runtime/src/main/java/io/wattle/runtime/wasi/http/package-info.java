/**
 * {@code wasi:http} 0.2: its resources, the incoming handler's exchange, and the way out for
 * requests that a guest sends.
 */
@NullMarked
package io.wattle.runtime.wasi.http;

import org.jspecify.annotations.NullMarked;
