/**
 * Core modules on WASI preview 1 ({@code wasi_snapshot_preview1}), on the files, streams and waits
 * of the 0.2 implementation.
 */
@NullMarked
package io.wattle.runtime.wasi.preview1;

import org.jspecify.annotations.NullMarked;
