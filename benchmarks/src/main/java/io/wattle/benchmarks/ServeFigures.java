package io.wattle.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code wattle serve} beside bare Vert.x and {@code wasmtime serve} (when there is one: {@code
 * WASMTIME}, or on PATH), the same component, fresh state for each request, turn by turn.
 */
final class ServeFigures {
  private static final int CONNECTIONS = 64;
  private static final int ROUNDS = 3;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration MEASURED = Duration.ofSeconds(8);
  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/?");

  private ServeFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    if (!Load.available()) {
      return List.of(new Figure("`serve` hello", "not measured", ">= 0.6", "wrk is not on PATH"));
    }
    String hello = root.resolve("components/dist/http-hello-world.wasm").toString();
    Map<String, Process> servers = new LinkedHashMap<>();
    Map<String, List<Load.Rate>> rates = new LinkedHashMap<>();
    try {
      servers.put("bare Vert.x", HttpFigures.bareServer());
      servers.put(
          "`wattle serve`",
          start(root.resolve("wattle").toString(), "serve", hello, "--addr", "127.0.0.1:0"));
      String wasmtime = Children.wasmtime();
      if (Children.answers(wasmtime)) {
        servers.put(
            "`wasmtime serve`", start(wasmtime, "serve", "-Scli", "--addr", "127.0.0.1:0", hello));
      }
      Map<String, URI> urls = new LinkedHashMap<>();
      for (Map.Entry<String, Process> server : servers.entrySet()) {
        urls.put(server.getKey(), url(server.getKey(), server.getValue()));
      }
      for (URI url : urls.values()) {
        Load.run(url, CONNECTIONS, WARM_UP);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Map.Entry<String, URI> url : urls.entrySet()) {
          rates
              .computeIfAbsent(url.getKey(), name -> new ArrayList<>())
              .add(Load.run(url.getValue(), CONNECTIONS, MEASURED));
        }
      }
    } finally {
      for (Process server : servers.values()) {
        server.destroy();
        server.waitFor(10, TimeUnit.SECONDS);
      }
    }
    return figures(rates);
  }

  private static List<Figure> figures(Map<String, List<Load.Rate>> rates) {
    double bare = Load.median(rates.getOrDefault("bare Vert.x", List.of())).perSecond();
    List<Figure> figures = new ArrayList<>();
    rates.forEach(
        (name, each) -> {
          Load.Rate rate = Load.median(each);
          figures.add(
              new Figure(
                  "hello by " + name,
                  Figure.number(rate.perSecond())
                      + "/s, "
                      + Figure.number(rate.perSecond() / bare)
                      + " of bare Vert.x",
                  name.equals("`wattle serve`") ? ">= 0.6, ahead of wasmtime" : "",
                  "wrk -c%d, median of %d x %d s; p99 %s, %d failed"
                      .formatted(
                          CONNECTIONS,
                          ROUNDS,
                          MEASURED.toSeconds(),
                          Figure.time(rate.p99Nanos()),
                          rate.failed())));
        });
    return figures;
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** The address a server says it listens on. */
  private static URI url(String name, Process server) throws IOException {
    BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher url = URL.matcher(line);
      if (url.find()) {
        return URI.create(url.group());
      }
      said.append(line).append('\n');
    }
    throw new IOException(name + " did not start:\n" + said);
  }
}
