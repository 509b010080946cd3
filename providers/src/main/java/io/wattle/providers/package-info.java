/** The provider SDK: what a capability provider is, is told, and offers. */
@NullMarked
package io.wattle.providers;

import org.jspecify.annotations.NullMarked;
