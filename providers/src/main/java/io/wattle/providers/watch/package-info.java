/** Telling components of changes in a store, whatever keeps the data. */
@NullMarked
package io.wattle.providers.watch;

import org.jspecify.annotations.NullMarked;
