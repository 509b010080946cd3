/** How commands reach the lattice: connection options, the running supervisor's connection file. */
@NullMarked
package io.wattle.cli.connect;

import org.jspecify.annotations.NullMarked;
