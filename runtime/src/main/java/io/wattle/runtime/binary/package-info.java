/**
 * The binary format of components (component-model design/mvp/Binary.md): bytes in, definitions in
 * the order of the file out. Nothing is resolved here.
 */
@NullMarked
package io.wattle.runtime.binary;

import org.jspecify.annotations.NullMarked;
