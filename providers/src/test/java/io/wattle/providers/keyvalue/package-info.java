/** The contract every key-value provider keeps, and the providers that are held to it. */
@NullMarked
package io.wattle.providers.keyvalue;

import org.jspecify.annotations.NullMarked;
