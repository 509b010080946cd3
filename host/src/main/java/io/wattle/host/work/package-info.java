/**
 * Work that takes time: in order for each entity, on threads that are neither NATS's nor guests'.
 */
@NullMarked
package io.wattle.host.work;

import org.jspecify.annotations.NullMarked;
