package io.wattle.lattice.control;

import org.jspecify.annotations.Nullable;

/** The envelope of every answer (section 2.1). */
record ControlReply(boolean success, String message, @Nullable Object response) {
  static ControlReply ok(String message) {
    return new ControlReply(true, message, null);
  }

  static ControlReply with(Object response) {
    return new ControlReply(true, "", response);
  }

  static ControlReply refused(String message) {
    return new ControlReply(false, message, null);
  }
}
