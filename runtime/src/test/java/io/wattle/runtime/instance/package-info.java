@NullMarked
package io.wattle.runtime.instance;

import org.jspecify.annotations.NullMarked;
