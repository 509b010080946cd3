/** Providers in this process: which images they stand for, their links, their lifecycle. */
@NullMarked
package io.wattle.host.provider;

import org.jspecify.annotations.NullMarked;
