package io.wattle.lattice.event;

import java.time.Instant;

/**
 * An event with what its envelope says.
 *
 * @param lattice from the subject
 * @param id unique
 * @param source id of the host that sent it
 * @param time when, by that host's clock
 * @param event what
 */
public record ReceivedEvent(
    String lattice, String id, String source, Instant time, LatticeEvent event) {}
