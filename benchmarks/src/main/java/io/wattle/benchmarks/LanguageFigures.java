package io.wattle.benchmarks;

import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.component.ComponentInstance;
import io.wattle.runtime.component.ComponentInstances;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import io.wattle.runtime.host.Variant;
import io.wattle.wit.http.Fields;
import io.wattle.wit.http.HttpBody;
import io.wattle.wit.http.HttpErrorException;
import io.wattle.wit.http.HttpRequest;
import io.wattle.wit.http.HttpResponse;
import io.wattle.wit.io.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * What the guest {@code everyday} costs in each language (components/real): its size, to compile
 * it, an instance of it, and requests that it answers with a store in this process. Fresh state for
 * each request.
 */
final class LanguageFigures {
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  /** HotSpot takes that long to compile what an engine of 13 MB needs for one request. */
  private static final Duration WARM_UP_LARGE = Duration.ofMinutes(1);

  private static final int LARGE = 5 << 20;
  private static final Duration TIME = Duration.ofSeconds(5);
  private static final int INSTANCES = 2_000;

  /** The case of that name of the store's errors. */
  private static final int ACCESS_DENIED = 1;

  private LanguageFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    for (String folder : List.of("components/dist", "components/real/target")) {
      for (Path file : guests(root.resolve(folder))) {
        figures.add(figure(root, file));
      }
    }
    return figures;
  }

  private static List<Path> guests(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("everyday-.*\\.wasm"))
          .sorted()
          .toList();
    }
  }

  private static Figure figure(Path root, Path file) throws IOException, InterruptedException {
    byte[] wasm = Files.readAllBytes(file);
    String name = file.getFileName().toString().replaceAll("everyday-|\\.wasm", "");
    System.err.println("  " + name + " ...");
    try (Guests guests = new Guests(root)) {
      long start = System.nanoTime();
      ComponentInstances instances = guests.instances(wasm, 16, store());
      long compiled = System.nanoTime() - start;
      GuestComponent guest = guests.component(instances);
      start = System.nanoTime();
      answer(guest);
      long first = System.nanoTime() - start;
      new Callers(2).run(() -> answer(guest), wasm.length > LARGE ? WARM_UP_LARGE : WARM_UP);
      Callers.Run run = new Callers(2).run(() -> answer(guest), TIME);
      long[] fresh = new long[INSTANCES];
      ComponentInstances unpooled = guests.instances(wasm, 0, store());
      guests.onGuestThread(
          () -> {
            for (Deadline warm = Deadline.in(TIME); warm.nanosLeft() > 0; ) {
              begin(unpooled, fresh);
            }
            begin(unpooled, fresh);
          });
      Arrays.sort(fresh);
      return new Figure(
          "everyday in " + name,
          Figure.number(wasm.length / 1e3) + " kB, compiled in " + Figure.time(compiled),
          "",
          "first answer after %s more; new instance p50 %s; %s requests/s, p50 %s, p99 %s"
              .formatted(
                  Figure.time(first),
                  Figure.time(fresh[INSTANCES / 2]),
                  Figure.number(run.perSecond()),
                  Figure.time(run.p50()),
                  Figure.time(run.p99())));
    } catch (InvalidComponentException | LinkException e) {
      throw new IOException(name, e);
    }
  }

  private static void begin(ComponentInstances instances, long[] times) {
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      try (ComponentInstance instance = instances.begin(Guests.task())) {
        times[i] = System.nanoTime() - start;
        assert instance.task() != null;
      }
    }
  }

  /** One request, answered in full. */
  static void answer(GuestComponent guest) throws InterruptedException, IOException {
    HttpRequest request =
        new HttpRequest(
            "GET",
            Optional.of("/ada"),
            Optional.of("HTTP"),
            Optional.of("localhost"),
            new Fields(List.of()),
            HttpBody.empty());
    try {
      HttpResponse response = guest.handle(Guests.task(), request, failure -> {});
      byte[] body = response.body().bytes().readAll(1 << 16, Deadline.in(Duration.ofMinutes(1)));
      if (response.status() != 200) {
        throw new IOException("status " + response.status() + ", " + body.length + " bytes");
      }
    } catch (HttpErrorException | TimeoutException e) {
      throw new IOException(e);
    }
  }

  /** A store that counts in this process. */
  static List<HostInterface> store() {
    return store(() -> {});
  }

  /** The same that does something first when it is opened. */
  static List<HostInterface> store(Runnable opening) {
    Map<String, Long> counts = new ConcurrentHashMap<>();
    HostInterface.Builder store =
        HostInterface.named("wasi:keyvalue/store@0.2.0-draft")
            .resource("bucket")
            .function(
                "open",
                (call, arguments) -> {
                  opening.run();
                  return Result.ok(counts);
                });
    for (String unused : List.of("get", "set", "delete", "exists", "list-keys")) {
      store.function(
          "[method]bucket." + unused,
          (call, arguments) -> Result.err(new Variant(ACCESS_DENIED, null)));
    }
    return List.of(
        store.build(),
        HostInterface.named("wasi:keyvalue/atomics@0.2.0-draft")
            .function(
                "increment",
                (call, arguments) ->
                    Result.ok(counts.merge((String) arguments[1], (Long) arguments[2], Long::sum)))
            .build());
  }
}
