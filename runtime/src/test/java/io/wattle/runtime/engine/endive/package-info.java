/** Tests of the engine with real modules; their sources are in the resources, as .wat. */
@NullMarked
package io.wattle.runtime.engine.endive;

import org.jspecify.annotations.NullMarked;
