package io.wattle.lattice.watch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call that has ended, as the host of the component that is watched saw it.
 *
 * @param time when it began
 * @param micros how long it took
 * @param host the host's friendly name
 * @param path {@code in-process}, or {@code lattice} when it went over NATS
 * @param source who called
 * @param target who was called
 * @param instance WIT instance with version as on the wire, empty for a function of the world
 * @param parameters encoded (wRPC value encoding), base64 in JSON; null when they are too long
 * @param parameterBytes their length
 * @param results the same for the results; null when there are none, or they are too long
 * @param error why there are no results
 * @param missed calls before this one that were not told, because there were too many at once
 */
public record SpiedCall(
    Instant time,
    long micros,
    String host,
    String path,
    String source,
    String target,
    String linkName,
    String instance,
    String function,
    byte @Nullable [] parameters,
    long parameterBytes,
    byte @Nullable [] results,
    long resultBytes,
    @Nullable String error,
    long missed) {}
