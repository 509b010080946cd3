package io.wattle.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes all figures, or those named, and prints one table. */
public final class Benchmarks {
  private static final List<String> ALL =
      List.of(
          "instances",
          "warm",
          "calls",
          "first",
          "many",
          "languages",
          "lattice",
          "planner",
          "repair",
          "up",
          "http",
          "serve",
          "kernels");

  private Benchmarks() {}

  /**
   * Takes the figures named: {@code instances warm calls first many languages lattice planner
   * repair up http serve kernels}; all by default.
   */
  public static void main(String[] args) throws Exception {
    List<String> wanted = args.length == 0 ? ALL : List.of(args);
    for (String name : wanted) {
      if (!ALL.contains(name)) {
        System.err.println("benchmarks: \"" + name + "\" (expected: some of " + ALL + ")");
        System.exit(2);
      }
    }
    Path root = Path.of(System.getProperty("wattle.root", ".")).toAbsolutePath().normalize();
    List<Figure> figures = new ArrayList<>();
    for (String name : wanted) {
      System.err.println("measuring " + name + " ...");
      figures.addAll(measure(name, root));
    }
    print(figures);
  }

  private static List<Figure> measure(String name, Path root)
      throws IOException, InterruptedException {
    return switch (name) {
      case "instances" -> InstanceFigures.measure(root);
      case "warm" -> WarmFigures.measure(root);
      case "calls" -> CallFigures.measure(root);
      case "first" -> FirstFigures.measure(root);
      case "many" -> ManyFigures.measure(root);
      case "languages" -> LanguageFigures.measure(root);
      case "planner" -> PlannerFigures.measure();
      case "repair" -> RepairFigures.measure(root);
      case "lattice" -> LatticeFigures.measure();
      case "up" -> UpFigures.measure(root);
      case "kernels" -> KernelFigures.measure(root);
      case "serve" -> ServeFigures.measure(root);
      default -> HttpFigures.measure(root);
    };
  }

  private static void print(List<Figure> figures) {
    System.out.println(Machine.describe());
    System.out.println();
    System.out.println("| figure | value | target | how |");
    System.out.println("|---|---|---|---|");
    for (Figure figure : figures) {
      System.out.printf(
          "| %s | %s | %s | %s |%n", figure.name(), figure.value(), figure.target(), figure.note());
    }
  }
}
