/** Bounded pipes, deadlines and time: the one stream interface of every call path. */
@NullMarked
package io.wattle.wit.io;

import org.jspecify.annotations.NullMarked;
