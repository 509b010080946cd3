/** Which of several control planes acts. */
@NullMarked
package io.wattle.controlplane.lease;

import org.jspecify.annotations.NullMarked;
