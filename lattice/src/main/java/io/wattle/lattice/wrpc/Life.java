package io.wattle.lattice.wrpc;

import io.nats.client.Message;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller knows of the host where its call is under way. A callee is lost when its host is
 * gone or silent for long; one that is alive never is, however long it takes. A peer of another
 * make cannot be asked: once it has accepted, only the deadline ends the call.
 */
final class Life {
  /** So many questions without an answer, and the host is taken for dead. */
  static final int SILENT = 8;

  /** So often NATS said in a row that nobody listens there, and the host is gone. */
  static final int GONE = 3;

  private @Nullable String askAt;
  private boolean heard;
  private boolean foreign;
  private int unanswered;
  private int gone;

  /** Somebody took the call up. */
  synchronized void accepted(Message accept, boolean canBeAsked) {
    foreign = !canBeAsked;
    if (canBeAsked) {
      alive(Inbox.controlBeside(accept.getReplyTo()));
    }
  }

  /** The host at this control subject has the call. */
  synchronized void alive(@Nullable String at) {
    heard = true;
    unanswered = 0;
    gone = 0;
    if (at != null) {
      askAt = at;
    }
  }

  /** The host is not there, or does not know the call. */
  synchronized void gone() {
    gone++;
  }

  /** Whether there is somebody to ask. */
  synchronized boolean canBeAsked() {
    return !foreign;
  }

  /** Where to ask; null while it is not known which of the target's hosts has the call. */
  synchronized @Nullable String askAt() {
    return askAt;
  }

  /** Counts a question that is about to be asked; why the callee is lost, if it is. */
  synchronized Optional<String> asking() {
    if (heard && gone >= GONE) {
      return Optional.of("its host is gone");
    }
    if (unanswered >= SILENT) {
      return Optional.of(
          heard
              ? "its host was asked " + SILENT + " times and does not answer any more"
              : "nobody has taken the call up, and none of its hosts knows of it");
    }
    unanswered++;
    return Optional.empty();
  }
}
