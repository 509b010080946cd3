/** Applications: manifests on the way to the control plane, and what became of them. */
@NullMarked
package io.wattle.cli.app;

import org.jspecify.annotations.NullMarked;
