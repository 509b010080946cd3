/**
 * Values as text, by their type: WAVE (github.com/bytecodealliance/wasm-tools, crates/wasm-wave)
 * and JSON.
 */
@NullMarked
package io.wattle.wit.wave;

import org.jspecify.annotations.NullMarked;
