/** Commands that go on: logs, and the calls of a component. */
@NullMarked
package io.wattle.cli.watch;

import org.jspecify.annotations.NullMarked;
