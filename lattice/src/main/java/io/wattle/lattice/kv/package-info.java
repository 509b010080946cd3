/**
 * The lattice's state in JetStream buckets: component specifications, links, configs (section 4 of
 * the lattice reference).
 */
@NullMarked
package io.wattle.lattice.kv;

import org.jspecify.annotations.NullMarked;
