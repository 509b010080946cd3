package io.wattle.lattice.http;

import java.time.Duration;
import java.util.Optional;

/** Timeouts of an outgoing request; empty for the receiver's choice. */
public record RequestOptions(
    Optional<Duration> connect, Optional<Duration> firstByte, Optional<Duration> betweenBytes) {}
