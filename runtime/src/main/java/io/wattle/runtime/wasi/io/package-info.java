/**
 * {@code wasi:io}: errors, pollables and streams over {@link io.wattle.wit.io.BytePipe}, and the
 * one way in which host calls wait.
 */
@NullMarked
package io.wattle.runtime.wasi.io;

import org.jspecify.annotations.NullMarked;
