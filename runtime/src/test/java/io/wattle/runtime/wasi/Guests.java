package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wattle.runtime.Component;
import io.wattle.runtime.ComponentRuntime;
import io.wattle.runtime.GuestComponent;
import io.wattle.runtime.GuestThreads;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.Task;
import io.wattle.runtime.component.LinkOptions;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Imports;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The real guests, run as a host runs them. */
final class Guests implements AutoCloseable {
  private static final Path DIST = Path.of("..", "components", "dist");
  private static final ComponentRuntime RUNTIME = TestRuntimes.shared();
  private static final GuestThreads THREADS = new GuestThreads(4L << 20);

  private static final Map<String, Component> LOADED = new ConcurrentHashMap<>();

  private final GuestComponent component;

  /** How each invocation ended, in order. */
  final BlockingQueue<Optional<Throwable>> ended = new LinkedBlockingQueue<>();

  Guests(String name) {
    this(name, WasiOptions.builder().build());
  }

  Guests(String name, WasiOptions options) {
    try {
      component = linked(RUNTIME, load(name), options);
    } catch (IOException | InvalidComponentException | LinkException e) {
      throw new AssertionError(name, e);
    }
  }

  /** On another runtime than the one that all tests share. */
  Guests(String name, ComponentRuntime runtime) {
    try {
      Component loaded = runtime.load(Files.readAllBytes(DIST.resolve(name + ".wasm")));
      component = linked(runtime, loaded, WasiOptions.builder().build());
    } catch (IOException | InvalidComponentException | LinkException e) {
      throw new AssertionError(name, e);
    }
  }

  private static GuestComponent linked(
      ComponentRuntime runtime, Component loaded, WasiOptions options) throws LinkException {
    return new GuestComponent(runtime.link(loaded, imports(options), LinkOptions.DEFAULT), THREADS);
  }

  /** Compiled once for all tests. */
  private static Component load(String name) throws IOException, InvalidComponentException {
    Component loaded = LOADED.get(name);
    if (loaded == null) {
      loaded = RUNTIME.load(Files.readAllBytes(DIST.resolve(name + ".wasm")));
      LOADED.put(name, loaded);
    }
    return loaded;
  }

  GuestComponent component() {
    return component;
  }

  static Task task(Duration deadline) {
    return new Task("test", Deadline.in(deadline), Map.of());
  }

  HttpResponse get(String path) throws HttpErrorException, InterruptedException {
    return send(task(Duration.ofSeconds(60)), path, HttpBody.empty());
  }

  HttpResponse send(Task task, String path, HttpBody body)
      throws HttpErrorException, InterruptedException {
    return component.handle(
        task, request(path, body), failure -> ended.add(Optional.ofNullable(failure)));
  }

  static HttpRequest request(String path, HttpBody body) {
    return new HttpRequest(
        "GET",
        Optional.of(path),
        Optional.of("HTTP"),
        Optional.of("example.com:8080"),
        new Fields(
            List.of(
                Fields.Entry.of("Host", "example.com:8080"),
                Fields.Entry.of("X-Seen", "yes"),
                Fields.Entry.of("connection", "keep-alive"))),
        body);
  }

  String text(String path) throws Exception {
    return text(get(path));
  }

  static String text(HttpResponse response) throws Exception {
    return new String(
        response.body().bytes().readAll(1 << 20, Deadline.in(Duration.ofSeconds(60))), UTF_8);
  }

  /** How the next invocation ended. */
  Optional<Throwable> end() throws InterruptedException {
    Optional<Throwable> end = ended.poll(60, TimeUnit.SECONDS);
    if (end == null) {
      throw new AssertionError("no invocation ended");
    }
    return end;
  }

  private static Imports imports(WasiOptions options) {
    return Imports.of(Wasi.interfaces(options).plus(noKeyValue()));
  }

  /** A store that never opens: these guests link to one and the tests here do not use it. */
  private static List<HostInterface> noKeyValue() {
    HostInterface.Builder store =
        HostInterface.named("wasi:keyvalue/store@0.2.0-draft").resource("bucket");
    HostInterface.Builder atomics = HostInterface.named("wasi:keyvalue/atomics@0.2.0-draft");
    HostInterface.Builder batch = HostInterface.named("wasi:keyvalue/batch@0.2.0-draft");
    refuse(store, "open", "get", "set", "delete", "exists", "list-keys");
    refuse(atomics, "increment");
    refuse(batch, "get-many", "set-many", "delete-many");
    return List.of(store.build(), atomics.build(), batch.build());
  }

  private static void refuse(HostInterface.Builder builder, String... functions) {
    for (String function : functions) {
      String name = function.equals("open") || function.contains("many") ? "" : "[method]bucket.";
      builder.function(
          (function.equals("increment") ? "" : name) + function,
          (call, args) -> Result.err(new Variant(0, null)));
    }
  }

  @Override
  public void close() {
    component.close();
  }
}
