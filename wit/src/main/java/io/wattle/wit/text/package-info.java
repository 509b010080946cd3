/** WIT as text (component-model WIT.md). */
@NullMarked
package io.wattle.wit.text;

import org.jspecify.annotations.NullMarked;
