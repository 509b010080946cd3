/**
 * The seam to the core Wasm engine: compile, instantiate, call, memory, stop, snapshot. Nothing
 * above it names the engine, so that another one can be put in.
 */
@NullMarked
package io.wattle.runtime.engine;

import org.jspecify.annotations.NullMarked;
