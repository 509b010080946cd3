/** Where log lines go: a file of the supervisor, stderr when asked for, never stdout. */
@NullMarked
package io.wattle.cli.log;

import org.jspecify.annotations.NullMarked;
