package io.wattle.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computing in a guest: ours beside wasmtime (when there is one: {@code WASMTIME}, or on PATH),
 * node's V8 (on PATH) and Endive as it comes. Turn by turn, processor time after a warm-up.
 */
final class KernelFigures {
  private static final List<String> KERNELS =
      List.of("sieve", "crc32", "sha256", "json", "regex", "stores", "scatter");

  /** Those that do little but store. */
  private static final List<String> STORES = List.of("stores", "scatter");

  private static final int ROUNDS = Integer.getInteger("wattle.kernels.rounds", 5);

  /** How long each kernel is run before it counts, in nanoseconds of processor time. */
  private static final long WARM_UP =
      Math.round(Double.parseDouble(System.getProperty("wattle.kernels.seconds", "6")) * 1e9);

  /** How long one turn is to take. */
  private static final long TURN = WARM_UP / 8;

  private static final String OURS = "ours";
  private static final String PAGES = "ours in shared pages";
  private static final String HOT = "ours when hot";
  private static final String WASMTIME = "wasmtime";
  private static final String NODE = "node";
  private static final String ENDIVE = "Endive";

  /** Answers as {@link Kernels} does. */
  private static final String SCRIPT =
      """
      const fs = require('fs'), lines = require('readline').createInterface({ input: process.stdin });
      const guest = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(process.argv[1])), {});
      lines.on('line', (line) => {
        const [name, times] = line.split(' '), before = process.cpuUsage();
        const result = guest.exports[name](Number(times));
        const used = process.cpuUsage(before);
        console.log(`said: ${(used.user + used.system) * 1000} ${result}`);
      });
      """;

  private KernelFigures() {}

  static List<Figure> measure(Path root) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("wattle-kernels");
    try {
      Path dist = root.resolve("components/dist");
      List<Figure> figures = new ArrayList<>();
      Path module = dist.resolve("cpu-kernels.wasm");
      Map<String, KernelPeer> peers = new LinkedHashMap<>();
      try {
        peers.put(OURS, java(Kernels.Engine.FLAT, module));
        peers.put(PAGES, java(Kernels.Engine.PAGES, module));
        peers.put(HOT, java(Kernels.Engine.HOT, module));
        wasmtime(peers, module, folder, false);
        if (Children.answers("node")) {
          peers.put(
              NODE, KernelPeer.Living.start(List.of("node", "-e", SCRIPT, module.toString())));
        }
        peers.put(ENDIVE, java(Kernels.Engine.ENDIVE, module));
        figures.addAll(figures(peers, KERNELS));
      } finally {
        close(peers);
      }
      Path script = dist.resolve("quickjs-loop.wasm");
      Map<String, KernelPeer> component = new LinkedHashMap<>();
      try {
        component.put(OURS, java(Kernels.Engine.COMPONENT_FLAT, script));
        component.put(PAGES, java(Kernels.Engine.COMPONENT_PAGES, script));
        component.put(HOT, java(Kernels.Engine.COMPONENT_HOT, script));
        wasmtime(component, script, folder, true);
        figures.addAll(figures(component, List.of("loop")));
      } finally {
        close(component);
      }
      return figures;
    } finally {
      Children.delete(folder);
    }
  }

  private static KernelPeer java(Kernels.Engine engine, Path guest) throws IOException {
    return KernelPeer.Living.start(
        Children.command(List.of(), Kernels.class, engine.name(), guest.toString()));
  }

  private static void wasmtime(
      Map<String, KernelPeer> peers, Path guest, Path folder, boolean component)
      throws IOException, InterruptedException {
    String command = Children.wasmtime();
    if (Children.answers(command)) {
      peers.put(WASMTIME, KernelPeer.Wasmtime.start(command, guest, folder, component));
    } else {
      System.err.println("  without wasmtime: neither WASMTIME nor PATH name one");
    }
  }

  private static void close(Map<String, KernelPeer> peers) throws IOException {
    for (KernelPeer peer : peers.values()) {
      peer.close();
    }
  }

  /** All kernels are warm before the first is measured: a host runs more than one. */
  private static List<Figure> figures(Map<String, KernelPeer> peers, List<String> kernels)
      throws IOException, InterruptedException {
    Map<String, List<Turns>> turns = new LinkedHashMap<>();
    for (String kernel : kernels) {
      System.err.println("  " + kernel + " warms up ...");
      List<Turns> each = new ArrayList<>();
      for (Map.Entry<String, KernelPeer> peer : peers.entrySet()) {
        int times = timesFor(peer.getValue(), kernel);
        each.add(new Turns(peer.getKey(), peer.getValue(), times, new ArrayList<>()));
      }
      turns.put(kernel, each);
    }
    List<Figure> figures = new ArrayList<>();
    for (Map.Entry<String, List<Turns>> each : turns.entrySet()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Turns peer : each.getValue()) {
          peer.take(each.getKey());
        }
      }
      figures.add(figure(each.getKey(), each.getValue()));
    }
    return figures;
  }

  /** What one peer took for one kernel: nanoseconds each time its work was done. */
  private record Turns(String name, KernelPeer peer, int times, List<Double> nanos) {
    void take(String kernel) throws IOException, InterruptedException {
      nanos.add((double) peer.run(kernel, times).nanos() / times);
    }

    double median() {
      return KernelFigures.median(nanos);
    }

    /** Of the peer's time to ours: the median of the turns' ratios. */
    double ratio(Turns ours) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < nanos.size(); i++) {
        ratios.add(nanos.get(i) / ours.nanos.get(i));
      }
      return KernelFigures.median(ratios);
    }
  }

  /** How often the work fits into a turn, once it is as fast as it gets. */
  private static int timesFor(KernelPeer peer, String kernel)
      throws IOException, InterruptedException {
    int times = 1;
    long spent = 0;
    while (true) {
      long nanos = peer.run(kernel, times).nanos();
      spent += nanos;
      boolean warm = !(peer instanceof KernelPeer.Living) || spent > WARM_UP;
      if (nanos >= TURN / 2 && warm) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE - 1, times * TURN / nanos));
      }
      times =
          nanos < TURN / 8 ? Math.multiplyExact(times, 4) : (int) Math.max(1, times * TURN / nanos);
    }
  }

  private static Figure figure(String kernel, List<Turns> turns) {
    Turns ours = turns.getFirst();
    List<String> others = new ArrayList<>();
    String beside = "";
    for (Turns peer : turns.subList(1, turns.size())) {
      String ratio = Figure.number(peer.ratio(ours));
      if (peer.name.equals(WASMTIME)) {
        beside = ", " + ratio + " of wasmtime";
      }
      others.add("%s %s (%s)".formatted(peer.name, time(peer.median()), ratio));
    }
    return new Figure(
        "kernel " + kernel,
        time(ours.median()) + beside,
        STORES.contains(kernel) ? ">= 0.95 of Endive" : ">= 0.8 of wasmtime",
        String.join("; ", others) + "; processor time, median of " + ROUNDS + " turns");
  }

  private static String time(double nanos) {
    return nanos < 1000 ? Figure.number(nanos) + " ns" : Figure.time(Math.round(nanos));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
