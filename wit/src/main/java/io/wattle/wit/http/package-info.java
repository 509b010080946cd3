/** HTTP as the interfaces {@code wasi:http} and {@code wrpc:http} see it, as Java values. */
@NullMarked
package io.wattle.wit.http;

import org.jspecify.annotations.NullMarked;
