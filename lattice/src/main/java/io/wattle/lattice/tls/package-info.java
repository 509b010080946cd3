/**
 * TLS between us and NATS: an authority of our own that vouches for our servers, and clients that
 * trust exactly that authority.
 */
@NullMarked
package io.wattle.lattice.tls;

import org.jspecify.annotations.NullMarked;
