/** A Java program with plugins: what docs/embedding.md shows. */
@NullMarked
package io.wattle.examples.embedding;

import org.jspecify.annotations.NullMarked;
