package io.wattle.cli.lattice;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.ExitCode;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.event.EventSubscriber;
import io.wattle.lattice.event.LatticeEvent;
import io.wattle.lattice.event.ReceivedEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Waits for the event that tells how a command ended: hosts answer a command before they do it.
 * Listens from its creation on, so make it before the command is sent.
 */
final class EventWait implements AutoCloseable {
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final Subscription subscription;

  /** How it ended. */
  sealed interface Outcome {
    /** As asked. */
    record Done(String host) implements Outcome {}

    /** Not as asked. */
    record Failed(String error) implements Outcome {}
  }

  private EventWait(
      LatticeConnection lattice, String host, Function<LatticeEvent, Optional<Outcome>> judge) {
    subscription =
        EventSubscriber.subscribe(
            lattice,
            event -> {
              if (event.source().equals(host)) {
                judge(event, judge);
              }
            });
  }

  /** Listens to {@code host}; {@code judge} says which event is the outcome. */
  static EventWait of(
      LatticeConnection lattice, String host, Function<LatticeEvent, Optional<Outcome>> judge)
      throws InterruptedException {
    EventWait wait = new EventWait(lattice, host, judge);
    lattice.flush(Duration.ofSeconds(2));
    return wait;
  }

  private void judge(ReceivedEvent event, Function<LatticeEvent, Optional<Outcome>> judge) {
    judge.apply(event.event()).ifPresent(outcome::complete);
  }

  /** Waits; {@code what} names what was asked for in the error. */
  void await(String what, Duration timeout) throws CommandException, InterruptedException {
    try {
      switch (outcome.get(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        case Outcome.Done done -> {}
        case Outcome.Failed failed -> throw CommandException.failed(what + ": " + failed.error());
      }
    } catch (TimeoutException e) {
      throw CommandException.of(
              ExitCode.TIMEOUT,
              what + ": the host said neither done nor failed within " + timeout.toMillis() + " ms")
          .hint("It may still happen; look with `wattle get inventory`.");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The component's scaling to {@code count}. */
  static Optional<Outcome> scaled(LatticeEvent event, String id) {
    return switch (event) {
      case LatticeEvent.ComponentScaled scaled when scaled.componentId().equals(id) ->
          Optional.of(new Outcome.Done(scaled.hostId()));
      case LatticeEvent.ComponentScaleFailed failed when failed.componentId().equals(id) ->
          Optional.of(new Outcome.Failed(failed.error()));
      default -> Optional.empty();
    };
  }

  /** The provider's start. */
  static Optional<Outcome> providerStarted(LatticeEvent event, String id) {
    return switch (event) {
      case LatticeEvent.ProviderStarted started when started.providerId().equals(id) ->
          Optional.of(new Outcome.Done(started.hostId()));
      case LatticeEvent.ProviderStartFailed failed when failed.providerId().equals(id) ->
          Optional.of(new Outcome.Failed(failed.error()));
      default -> Optional.empty();
    };
  }

  /** The provider's stop. */
  static Optional<Outcome> providerStopped(LatticeEvent event, String id) {
    return event instanceof LatticeEvent.ProviderStopped stopped && stopped.providerId().equals(id)
        ? Optional.of(new Outcome.Done(stopped.hostId()))
        : Optional.empty();
  }

  /** The host's stop. */
  static Optional<Outcome> hostStopped(LatticeEvent event) {
    return event instanceof LatticeEvent.HostStopped
        ? Optional.of(new Outcome.Done(""))
        : Optional.empty();
  }

  /** The end of a host's drain; {@code cutOff} hears how many calls were not finished. */
  static Optional<Outcome> hostDrained(LatticeEvent event, LongConsumer cutOff) {
    if (event instanceof LatticeEvent.Other(String name, JsonNode data)
        && name.equals("wattle_host_drained")) {
      cutOff.accept(data.path("cut_off").asLong());
      return Optional.of(new Outcome.Done(""));
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    subscription.close();
  }
}
