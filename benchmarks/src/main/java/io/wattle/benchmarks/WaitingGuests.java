package io.wattle.benchmarks;

import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.engine.EngineOptions;
import io.wattle.runtime.engine.TrapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A process in which as many guests as may wait for their store at a time, each in an instance of
 * its own, and what it holds then; and what the next one is told.
 */
public final class WaitingGuests {
  private static final int MOST = 2048;
  private static final int MINUTES = 5;

  private WaitingGuests() {}

  /** The repository, the guest. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    byte[] wasm = Files.readAllBytes(root.resolve("components/dist/" + args[1] + ".wasm"));
    CountDownLatch waiting = new CountDownLatch(MOST);
    CountDownLatch release = new CountDownLatch(1);
    try (Guests guests = new Guests(root, EngineOptions.defaults())) {
      GuestComponent guest =
          guests.component(
              guests.instances(wasm, 16, LanguageFigures.store(() -> hold(waiting, release))));
      System.gc();
      long before = ManyAnswers.status("VmRSS");
      long heap = Held.heap();
      List<Thread> callers = new ArrayList<>();
      List<Throwable> failed = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < MOST; i++) {
        callers.add(
            Thread.startVirtualThread(
                () -> {
                  try {
                    LanguageFigures.answer(guest);
                  } catch (IOException | InterruptedException | RuntimeException e) {
                    failed.add(e);
                  }
                }));
      }
      if (!waiting.await(MINUTES, TimeUnit.MINUTES)) {
        throw new IOException(waiting.getCount() + " do not wait: " + failed);
      }
      String next = "nothing";
      try {
        LanguageFigures.answer(guest);
      } catch (TrapException e) {
        next = e.kind() + ", " + e.getMessage();
      }
      System.gc();
      Children.say(Long.toString((ManyAnswers.status("VmRSS") - before) * 1024 / MOST));
      Children.say(
          "%,d at a time: RSS %s MB before, %s MB while they wait, heap %s and %s MB, %s Java threads; the next one is told: %s"
              .formatted(
                  MOST,
                  Figure.number(before * 1024 / 1e6),
                  Figure.number(ManyAnswers.status("VmRSS") * 1024 / 1e6),
                  Figure.number(heap / 1e6),
                  Figure.number(Held.heap() / 1e6),
                  ManyAnswers.status("Threads"),
                  next));
      release.countDown();
      for (Thread caller : callers) {
        caller.join();
      }
      if (!failed.isEmpty()) {
        throw new IOException(failed.size() + " failed: " + failed.getFirst());
      }
    }
  }

  private static void hold(CountDownLatch waiting, CountDownLatch release) {
    waiting.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
