package io.wattle.lattice.wrpc;

import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.CallTarget;
import java.util.List;

/** The shapes of the substituted WASI interfaces (section 6.7). */
final class StandardShapes {
  private static final List<AsyncShape> BODY_AND_TRAILERS =
      List.of(
          new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(0, 0)),
          new AsyncShape(AsyncShape.Kind.FUTURE, List.of(0, 1)));
  private static final AsyncShapes HTTP = new AsyncShapes(BODY_AND_TRAILERS, BODY_AND_TRAILERS);

  private StandardShapes() {}

  static AsyncShapes of(CallTarget target) {
    boolean http =
        target.instance().startsWith("wrpc:http/incoming-handler@")
            || target.instance().startsWith("wrpc:http/outgoing-handler@");
    return http ? HTTP : AsyncShapes.NONE;
  }
}
