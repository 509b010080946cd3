/** Tasks as an embedder sees them; what they do between guests is the official suite's business. */
@NullMarked
package io.wattle.runtime.concurrency;

import org.jspecify.annotations.NullMarked;
