/**
 * WASI 0.2 as host interfaces: {@link io.wattle.runtime.wasi.Wasi} makes those of one component.
 * What it has not, like files and sockets, is there to be linked and refuses every call.
 */
@NullMarked
package io.wattle.runtime.wasi;

import org.jspecify.annotations.NullMarked;
