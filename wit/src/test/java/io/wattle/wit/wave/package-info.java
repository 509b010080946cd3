/** Values to text and back. */
@NullMarked
package io.wattle.wit.wave;

import org.jspecify.annotations.NullMarked;
