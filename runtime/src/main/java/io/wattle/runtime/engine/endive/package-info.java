/**
 * The core engine on Endive: modules become JVM classes, with our own memory, tables and stop
 * checks under them. The only package that names Endive, with those inside it.
 */
@NullMarked
package io.wattle.runtime.engine.endive;

import org.jspecify.annotations.NullMarked;
