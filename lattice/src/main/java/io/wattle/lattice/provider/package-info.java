/**
 * Providers that are their own process: what a host tells them, and by which subjects (section 7).
 */
@NullMarked
package io.wattle.lattice.provider;

import org.jspecify.annotations.NullMarked;
