/** Real components and hand-made ones, run whole. */
@NullMarked
package io.wattle.runtime.component;

import org.jspecify.annotations.NullMarked;
