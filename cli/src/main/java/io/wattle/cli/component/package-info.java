/** Commands for component files and single calls: inspect, run, call. */
@NullMarked
package io.wattle.cli.component;

import org.jspecify.annotations.NullMarked;
