package io.wattle.host.call;

import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.wrpc.AsyncShapes;

/**
 * A function that something on this host answers.
 *
 * @param instance WIT instance on the wire, empty for a function of the world
 * @param function on the wire
 * @param shapes streams and futures among parameters and results
 */
public record Offer(String instance, String function, AsyncShapes shapes, CallHandler handler) {}
