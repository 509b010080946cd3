/** Providers as processes of their own. */
@NullMarked
package io.wattle.cli.provider;

import org.jspecify.annotations.NullMarked;
