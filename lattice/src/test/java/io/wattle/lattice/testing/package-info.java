/** For the tests of all modules: a real NATS server. */
@NullMarked
package io.wattle.lattice.testing;

import org.jspecify.annotations.NullMarked;
