/** Blobs in containers, by {@code wrpc:blobstore} 0.2.0 (lattice reference, section 6.7). */
@NullMarked
package io.wattle.lattice.blobstore;

import org.jspecify.annotations.NullMarked;
