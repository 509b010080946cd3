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

  private static final AsyncShapes BLOB_NAMES =
      new AsyncShapes(
          List.of(),
          List.of( // a stream of strings is one piece here, as a future is: it is read as a whole
              new AsyncShape(AsyncShape.Kind.FUTURE, List.of(0, 0)),
              new AsyncShape(AsyncShape.Kind.FUTURE, List.of(0, 1))));
  private static final AsyncShapes BLOB_READ = new AsyncShapes(List.of(), BODY_AND_TRAILERS);
  private static final AsyncShapes BLOB_WRITE =
      new AsyncShapes(
          List.of(new AsyncShape(AsyncShape.Kind.BYTE_STREAM, List.of(1))),
          List.of(new AsyncShape(AsyncShape.Kind.FUTURE, List.of(0))));

  private StandardShapes() {}

  static AsyncShapes of(CallTarget target) {
    if (target.instance().startsWith("wrpc:blobstore/blobstore@")) {
      return switch (target.function()) {
        case "list-container-objects" -> BLOB_NAMES;
        case "get-container-data" -> BLOB_READ;
        case "write-container-data" -> BLOB_WRITE;
        default -> AsyncShapes.NONE;
      };
    }
    boolean http =
        target.instance().startsWith("wrpc:http/incoming-handler@")
            || target.instance().startsWith("wrpc:http/outgoing-handler@");
    return http ? HTTP : AsyncShapes.NONE;
  }
}
