/**
 * The runtime's public face: load a component, link it, call it, stop it. Knows nothing of NATS.
 */
@NullMarked
package io.wattle.runtime;

import org.jspecify.annotations.NullMarked;
