/**
 * Writes vectors as numbers, and cuts functions that would become too large for HotSpot's compiler
 * into several, before the module is translated. Only the translator sees the result: the module
 * that instances are made of stays as its author wrote it.
 */
@NullMarked
package io.wattle.runtime.engine.endive.split;

import org.jspecify.annotations.NullMarked;
