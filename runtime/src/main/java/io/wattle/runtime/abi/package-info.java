/**
 * The canonical ABI (component-model design/mvp/CanonicalABI.md): how values of every type lie in a
 * guest's memory and in flat core values, and the handle tables. One {@link
 * io.wattle.runtime.abi.Codec} tree for each type, made once.
 */
@NullMarked
package io.wattle.runtime.abi;

import org.jspecify.annotations.NullMarked;
