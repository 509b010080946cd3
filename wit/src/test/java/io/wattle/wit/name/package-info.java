/** Names and versions. */
@NullMarked
package io.wattle.wit.name;

import org.jspecify.annotations.NullMarked;
