package io.wattle.runtime.wasi.sockets;

import io.wattle.runtime.wasi.io.EventPollable;
import io.wattle.runtime.wasi.io.Pollable;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The host's side of {@code resolve-address-stream}. */
final class Names {
  /** Lookups block a thread in the system's resolver: these few, for all guests. */
  private static final ThreadPoolExecutor THREADS = threads();

  private static final int MOST_WAITING = 256;

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+");

  private final Sockets owner;
  private final String name;
  private final CompletableFuture<InetAddress[]> lookup = new CompletableFuture<>();
  private @Nullable ArrayDeque<InetAddress> left;

  private Names(Sockets owner, String name) {
    this.owner = owner;
    this.name = name;
  }

  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            8,
            8,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("guest-names-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Starts to look up a name; an address means itself. */
  static Names resolve(Sockets owner, String name) throws NetworkException {
    owner.checkLookup(name);
    Names names = new Names(owner, name);
    try {
      names.lookup.complete(new InetAddress[] {InetAddress.ofLiteral(name)});
      return names;
    } catch (IllegalArgumentException e) {
      names.start();
    }
    return names;
  }

  private void start() throws NetworkException {
    String ascii;
    try {
      ascii = IDN.toASCII(name);
    } catch (IllegalArgumentException e) {
      throw ErrorCode.INVALID_ARGUMENT.failure();
    }
    // Underscores are in no host's name by the rules, and in many all the same.
    if (!HOST.matcher(ascii).matches()) {
      throw ErrorCode.INVALID_ARGUMENT.failure();
    }
    try {
      THREADS.execute(
          () -> {
            try {
              lookup.complete(InetAddress.getAllByName(ascii));
            } catch (UnknownHostException | RuntimeException e) {
              lookup.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      throw ErrorCode.TEMPORARY_RESOLVER_FAILURE.failure();
    }
  }

  /** The next address, or none at the end. */
  Optional<InetAddress> next() throws NetworkException {
    if (!lookup.isDone()) {
      throw ErrorCode.WOULD_BLOCK.failure();
    }
    if (lookup.isCompletedExceptionally()) {
      throw ErrorCode.NAME_UNRESOLVABLE.failure();
    }
    ArrayDeque<InetAddress> addresses = left;
    if (addresses == null) {
      List<InetAddress> found = Arrays.asList(lookup.resultNow());
      owner.remember(name, found);
      addresses = new ArrayDeque<>(found);
      left = addresses;
    }
    return Optional.ofNullable(addresses.poll());
  }

  Pollable ready() {
    return EventPollable.of(lookup);
  }
}
