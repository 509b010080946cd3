/** HTTP requests and responses as wRPC calls (section 6.8 of the lattice reference). */
@NullMarked
package io.wattle.lattice.http;

import org.jspecify.annotations.NullMarked;
