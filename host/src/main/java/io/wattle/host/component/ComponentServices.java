package io.wattle.host.component;

import io.micrometer.core.instrument.MeterRegistry;
import io.wattle.host.call.CallRouter;
import io.wattle.host.link.LatticeState;
import io.wattle.host.watch.HostLog;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.wit.io.Ticker;
import java.time.Duration;

/**
 * What components need of their host.
 *
 * @param log where they are heard
 * @param limits of each instance, unless a command says less
 * @param maxInvocation how long any invocation may take
 * @param maxWait the longest wait for admission
 * @param drain how long invocations may go on after a component was stopped or replaced
 */
public record ComponentServices(
    ComponentEngine engine,
    Images images,
    LatticeState state,
    CallRouter router,
    HostLog log,
    MeterRegistry metrics,
    Ticker ticker,
    StoreLimits limits,
    Duration maxInvocation,
    Duration maxWait,
    Duration drain) {}
