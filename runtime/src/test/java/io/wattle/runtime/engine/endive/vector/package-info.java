/** Tests. */
@NullMarked
package io.wattle.runtime.engine.endive.vector;

import org.jspecify.annotations.NullMarked;
