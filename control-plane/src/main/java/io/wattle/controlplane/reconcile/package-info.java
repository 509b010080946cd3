/**
 * The reconcilers, one for each lattice: look, plan, send, again. Events, watches and a tick only
 * wake them up; what they see when they look decides.
 */
@NullMarked
package io.wattle.controlplane.reconcile;

import org.jspecify.annotations.NullMarked;
