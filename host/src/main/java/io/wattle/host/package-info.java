/** The process that joins the lattice and supervises components, providers and links. */
@NullMarked
package io.wattle.host;

import org.jspecify.annotations.NullMarked;
