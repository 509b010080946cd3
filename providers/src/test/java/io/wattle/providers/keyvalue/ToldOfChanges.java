package io.wattle.providers.keyvalue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.keyvalue.WatcherClient;
import io.wattle.lattice.wrpc.ValueDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** The component at the other end of a watch. */
public final class ToldOfChanges implements CallHandler {
  public static final String WATCHER = "watcher";

  private final List<String> all = new CopyOnWriteArrayList<>();
  private final AtomicInteger away = new AtomicInteger();

  /** Nobody is there to take the next calls. */
  void away(int calls) {
    away.set(calls);
  }

  List<String> all() {
    return List.copyOf(all);
  }

  /** Whether it was told that. */
  public boolean has(String change) {
    return all.contains(change);
  }

  void await(String change) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> all.contains(change));
  }

  @Override
  public CallReply handle(CallRequest request) throws CallException {
    if (!request.target().id().equals(WATCHER)
        || !request.target().instance().equals(WatcherClient.WATCHER)
        || away.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new CallException(CallException.Kind.NOT_FOUND, "nobody serves " + request.target());
    }
    ValueDecoder in = new ValueDecoder(request.parameters());
    String bucket = in.string();
    String key = in.string();
    if (!bucket.equals("0")) {
      throw new CallException(CallException.Kind.MALFORMED, "bucket " + bucket);
    }
    switch (request.target().function()) {
      case WatcherClient.ON_SET -> all.add(key + "=" + new String(in.bytes(), UTF_8));
      case WatcherClient.ON_DELETE -> all.add(key + " gone");
      default -> throw new CallException(CallException.Kind.NOT_FOUND, "" + request.target());
    }
    in.end();
    return CallReply.of(new byte[0]);
  }
}
