/** WASI called as a guest calls it. */
@NullMarked
package io.wattle.runtime.wasi;

import org.jspecify.annotations.NullMarked;
