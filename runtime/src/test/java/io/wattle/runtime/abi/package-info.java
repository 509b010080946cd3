/** Tests of the canonical ABI without guests. */
@NullMarked
package io.wattle.runtime.abi;

import org.jspecify.annotations.NullMarked;
