/**
 * A linked component at work: graphs of instances are built by the plan, called through the
 * canonical ABI, reset and pooled.
 */
@NullMarked
package io.wattle.runtime.instance;

import org.jspecify.annotations.NullMarked;
