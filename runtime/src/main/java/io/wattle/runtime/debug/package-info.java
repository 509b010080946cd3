/**
 * Where in a guest's source an instruction comes from: names and line tables of core modules, which
 * nobody vouches for.
 */
@NullMarked
package io.wattle.runtime.debug;

import org.jspecify.annotations.NullMarked;
