package io.wattle.lattice.wrpc;

import io.wattle.lattice.call.CallReports;
import java.time.Duration;

/**
 * How a client or server speaks.
 *
 * @param additions whether it uses what we add to the wire; without, it is plain wRPC, and says and
 *     hears no more than a peer of another make
 * @param askEvery how often a caller asks whether the callee of a call that takes long still lives
 * @param reports hears of calls that are over
 */
public record WrpcOptions(boolean additions, Duration askEvery, CallReports reports) {
  /** With everything we add. */
  public static final WrpcOptions DEFAULT =
      new WrpcOptions(true, Duration.ofSeconds(1), CallReports.TO_LOG);

  /** Plain wRPC. */
  public static final WrpcOptions PLAIN =
      new WrpcOptions(false, Duration.ofSeconds(1), CallReports.TO_LOG);

  /** Asks at another pace. */
  public WrpcOptions withAskEvery(Duration pace) {
    return new WrpcOptions(additions, pace, reports);
  }

  /** Tells others. */
  public WrpcOptions withReports(CallReports other) {
    return new WrpcOptions(additions, askEvery, other);
  }
}
