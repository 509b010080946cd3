package io.wattle.host.component;

import io.wattle.lattice.blobstore.BlobException;
import io.wattle.lattice.blobstore.BlobStore;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * The host's side of the resource {@code wasi:blobstore/container.stream-object-names}: names,
 * which are asked for a page at a time.
 */
final class BlobNames {
  private static final int PAGE = 1000;

  /** The most that one call gives; a component that wants more calls again. */
  private static final int MOST = 100_000;

  private final BlobStore store;
  private final String container;
  private final Deque<String> page = new ArrayDeque<>();
  private long offset;
  private boolean last;

  private BlobNames(BlobStore store, String container) {
    this.store = store;
    this.container = container;
  }

  /** The first page is asked for at once, so that a container that is not there is an error. */
  static BlobNames open(BlobStore store, CallContext call, String container)
      throws BlobException, CallException, InterruptedException {
    BlobNames names = new BlobNames(store, container);
    names.fill(call);
    return names;
  }

  private void fill(CallContext call) throws BlobException, CallException, InterruptedException {
    while (page.isEmpty() && !last) {
      List<String> next =
          store.list(call, container, OptionalLong.of(PAGE), OptionalLong.of(offset));
      offset += next.size();
      last = next.size() < PAGE;
      page.addAll(next);
    }
  }

  /** At most {@code wanted} names (unsigned), and whether that was the end. */
  Object read(CallContext call, long wanted)
      throws BlobException, CallException, InterruptedException {
    int most = most(wanted);
    List<String> names = new ArrayList<>();
    while (names.size() < most && !isOver(call)) {
      names.add(page.remove());
    }
    return new Object[] {names, isOver(call)};
  }

  /** At most so many are skipped. */
  Object skip(CallContext call, long wanted)
      throws BlobException, CallException, InterruptedException {
    int most = most(wanted);
    long skipped = 0;
    while (skipped < most && !isOver(call)) {
      page.remove();
      skipped++;
    }
    return new Object[] {skipped, isOver(call)};
  }

  private boolean isOver(CallContext call)
      throws BlobException, CallException, InterruptedException {
    fill(call);
    return page.isEmpty();
  }

  private static int most(long wanted) {
    return Long.compareUnsigned(wanted, MOST) < 0 ? (int) wanted : MOST;
  }
}
