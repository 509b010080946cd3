/**
 * The wadm API over NATS: {@code wadm.api.{lattice}.model.*}, statuses and events as wadm's clients
 * know them.
 */
@NullMarked
package io.wattle.controlplane.api;

import org.jspecify.annotations.NullMarked;
