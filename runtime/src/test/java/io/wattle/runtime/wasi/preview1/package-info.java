@NullMarked
package io.wattle.runtime.wasi.preview1;

import org.jspecify.annotations.NullMarked;
