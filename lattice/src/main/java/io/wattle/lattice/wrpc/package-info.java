/** wRPC over NATS: the value encoding and the transport (section 6 of the lattice reference). */
@NullMarked
package io.wattle.lattice.wrpc;

import org.jspecify.annotations.NullMarked;
