/** Blobs in files. */
@NullMarked
package io.wattle.providers.blobstore;

import org.jspecify.annotations.NullMarked;
