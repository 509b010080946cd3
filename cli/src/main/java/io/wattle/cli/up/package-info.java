/**
 * {@code up} and {@code down}: the supervisor of one data directory, which starts nats-server,
 * control plane and hosts, and takes them with it however it ends.
 */
@NullMarked
package io.wattle.cli.up;

import org.jspecify.annotations.NullMarked;
