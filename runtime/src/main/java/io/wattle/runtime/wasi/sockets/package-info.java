/**
 * {@code wasi:sockets} over non-blocking channels. A guest reaches what its {@link
 * io.wattle.runtime.wasi.sockets.NetworkAccess} names, and by default nothing.
 */
@NullMarked
package io.wattle.runtime.wasi.sockets;

import org.jspecify.annotations.NullMarked;
