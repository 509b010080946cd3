/** Manifests, validation, planner, store and the wadm API: desired state made true. */
@NullMarked
package io.wattle.controlplane;

import org.jspecify.annotations.NullMarked;
