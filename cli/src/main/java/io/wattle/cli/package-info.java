/** The command line: wattle. */
@NullMarked
package io.wattle.cli;

import org.jspecify.annotations.NullMarked;
