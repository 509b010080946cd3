/** A provider as its own process, started by any host by the launch contract (section 7). */
@NullMarked
package io.wattle.providers.process;

import org.jspecify.annotations.NullMarked;
