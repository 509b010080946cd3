/** What a host knows of the lattice's links and configs: kept current from the buckets. */
@NullMarked
package io.wattle.host.link;

import org.jspecify.annotations.NullMarked;
