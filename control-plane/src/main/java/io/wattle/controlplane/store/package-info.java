/**
 * Applications in JetStream: every revision of a manifest under a key of its own that is never
 * written again, and for each application one record that names its versions and is only changed by
 * compare-and-set.
 */
@NullMarked
package io.wattle.controlplane.store;

import org.jspecify.annotations.NullMarked;
