/**
 * {@code wasi:filesystem} over directories of this machine. A guest never leaves a directory it was
 * given: paths are resolved one component after the other relative to open directories, and no step
 * follows a symbolic link by itself.
 */
@NullMarked
package io.wattle.runtime.wasi.filesystem;

import org.jspecify.annotations.NullMarked;
