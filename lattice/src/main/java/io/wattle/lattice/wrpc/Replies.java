package io.wattle.lattice.wrpc;

import io.wattle.lattice.call.AsyncValue;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallTarget;
import io.wattle.wit.io.BytePipe;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What receivers of replies share. */
public final class Replies {
  private Replies() {}

  /**
   * Refuses an empty reply of a function that returns something: it is how a peer says that it
   * failed, without saying why (section 6.5).
   */
  public static void checkNotEmpty(CallTarget from, CallReply reply) throws CallException {
    if (reply.results().length == 0) {
      discard(reply.async());
      throw new CallException(
          CallException.Kind.LOST,
          from
              + " ended the call without an answer: it trapped, ran into a limit or refused; its"
              + " host's log says which");
    }
  }

  /** Says to the senders of streams and futures that nobody reads them. */
  public static void discard(Map<List<Integer>, AsyncValue> async) {
    for (AsyncValue value : async.values()) {
      switch (value) {
        case AsyncValue.ByteStream(BytePipe bytes) -> bytes.abort("not read");
        case AsyncValue.Future(CompletableFuture<byte[]> encoded) -> encoded.cancel(false);
      }
    }
  }
}
