/** What operators look at: metrics, liveness and readiness over HTTP. */
@NullMarked
package io.wattle.host.admin;

import org.jspecify.annotations.NullMarked;
