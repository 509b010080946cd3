@NullMarked
package io.wattle.wit.io;

import org.jspecify.annotations.NullMarked;
