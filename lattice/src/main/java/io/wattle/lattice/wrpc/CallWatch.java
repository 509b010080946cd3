package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Notices callees that are lost in mid-call: asks the hosts of calls that take long whether they
 * are still under way. One question is about all calls at a host.
 */
final class CallWatch implements Inbox.Control {
  /** Tokens are 22 characters, so that a question stays well below the largest payload. */
  private static final int CALLS_IN_ONE = 1000;

  private final Inbox inbox;
  private final Wire wire;
  private final long everyNanos;
  private int questions;
  private volatile Map<String, Question> asked = Map.of();

  CallWatch(Inbox inbox, Wire wire, Duration every) {
    this.inbox = inbox;
    this.wire = wire;
    this.everyNanos = every.toNanos();
  }

  /** Calls that somebody was asked about; {@code direct} when it was one host. */
  private record Question(boolean direct, List<ClientCall> calls) {}

  @Override
  public void tick(Collection<Inbox.Route> routes) {
    if (!wire.additions()) {
      return;
    }
    Map<String, List<ClientCall>> atHosts = new HashMap<>();
    Map<String, List<ClientCall>> atTargets = new HashMap<>();
    for (Inbox.Route route : routes) {
      if (route instanceof ClientCall call
          && call.ageNanos() >= everyNanos
          && call.waits()
          && call.life().canBeAsked()) {
        call.life().asking().ifPresentOrElse(call::lost, () -> sort(call, atHosts, atTargets));
      }
    }
    Map<String, Question> round = new HashMap<>();
    Map<String, List<String>> subjects = new HashMap<>();
    atHosts.forEach((at, calls) -> ask(at, true, calls, round, subjects));
    atTargets.forEach((at, calls) -> ask(at, false, calls, round, subjects));
    asked = round; // before an answer can come
    subjects.forEach((at, keys) -> keys.forEach(key -> publish(at, key, round)));
  }

  private void sort(
      ClientCall call,
      Map<String, List<ClientCall>> atHosts,
      Map<String, List<ClientCall>> atTargets) {
    String host = call.life().askAt();
    if (host != null) {
      atHosts.computeIfAbsent(host, at -> new ArrayList<>()).add(call);
    } else {
      String target = WrpcSubjects.alive(wire.connection().lattice(), call.request().target().id());
      atTargets.computeIfAbsent(target, at -> new ArrayList<>()).add(call);
    }
  }

  private void ask(
      String at,
      boolean direct,
      List<ClientCall> calls,
      Map<String, Question> round,
      Map<String, List<String>> subjects) {
    for (int from = 0; from < calls.size(); from += CALLS_IN_ONE) {
      String key = Integer.toString(questions++);
      List<ClientCall> some = calls.subList(from, Math.min(calls.size(), from + CALLS_IN_ONE));
      round.put(key, new Question(direct, some));
      subjects.computeIfAbsent(at, subject -> new ArrayList<>()).add(key);
    }
  }

  private void publish(String at, String key, Map<String, Question> round) {
    Question question = round.get(key);
    if (question == null) {
      return;
    }
    String tokens = String.join("\n", question.calls.stream().map(ClientCall::token).toList());
    try {
      wire.connection()
          .nats()
          .publish(
              at, inbox.controlSubject() + "." + key, tokens.getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalStateException e) {
      return; // without a connection the calls are lost anyway
    }
  }

  @Override
  public void message(String suffix, Message message) {
    Question question = asked.get(suffix);
    if (question == null) {
      return; // an answer that is too late
    }
    if (message.isStatusMessage()) {
      question.calls.forEach(call -> call.life().gone());
      return;
    }
    Set<String> known =
        Set.copyOf(
            List.of(new String(message.getData(), StandardCharsets.US_ASCII).split("\n", -1)));
    for (ClientCall call : question.calls) {
      if (known.contains(call.token())) {
        call.life().alive(message.getReplyTo());
      } else if (question.direct) {
        call.life().gone();
      }
    }
  }
}
