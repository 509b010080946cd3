/**
 * The commands that speak the control interface: get, start, stop, scale, link, config. Names,
 * flags and meanings are wash's.
 */
@NullMarked
package io.wattle.cli.lattice;

import org.jspecify.annotations.NullMarked;
