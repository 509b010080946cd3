/**
 * Application manifests: text to a positioned tree, the tree to records, and every problem found on
 * the way at once. Also the ids and config names that follow from a manifest.
 */
@NullMarked
package io.wattle.controlplane.manifest;

import org.jspecify.annotations.NullMarked;
