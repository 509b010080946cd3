/**
 * Components on this host: loading, what they import, what they export, and how they are scaled,
 * replaced and drained.
 */
@NullMarked
package io.wattle.host.component;

import org.jspecify.annotations.NullMarked;
