package io.wattle.lattice.call;

import io.wattle.wit.value.MalformedValueException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a caller is told when a handler failed otherwise than it may: the same on every path. */
public final class CallFailures {
  private static final Logger LOG = LoggerFactory.getLogger(CallFailures.class);

  private CallFailures() {}

  /** The error for the caller; what is our own mistake goes to the log too. */
  public static CallException of(CallTarget target, Throwable e) {
    return switch (e) {
      case CallException call -> call;
      case MalformedValueException malformed ->
          new CallException(
              CallException.Kind.MALFORMED, target + ": " + malformed.getMessage(), malformed);
      default -> {
        LOG.error("{} failed", target, e);
        yield new CallException(CallException.Kind.FAILED, target + ": " + e, e);
      }
    };
  }
}
