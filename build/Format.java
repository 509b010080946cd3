import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The one formatter: {@code check} fails on files that differ, {@code apply} rewrites them. */
final class Format {
  public static void main(String[] args) throws Exception {
    if (args.length != 1 || !List.of("check", "apply").contains(args[0])) {
      System.err.println("usage: build/format check|apply");
      System.exit(2);
    }
    boolean apply = args[0].equals("apply");
    List<Path> changed =
        sources().parallel().filter(file -> differs(file, apply)).sorted().toList();
    changed.forEach(file -> System.out.println((apply ? "formatted " : "not formatted: ") + file));
    if (!apply && !changed.isEmpty()) {
      System.out.println(changed.size() + " file(s) differ; run: build/format apply");
      System.exit(1);
    }
  }

  private static Stream<Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of("."))) {
      List<Path> roots =
          modules
              .map(m -> m.resolve("src"))
              .filter(Files::isDirectory)
              .map(Path::normalize)
              .toList();
      return Stream.concat(roots.stream(), Stream.of(Path.of("build"))).flatMap(Format::javaFiles);
    }
  }

  private static Stream<Path> javaFiles(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(f -> f.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean differs(Path file, boolean apply) {
    try {
      String before = Files.readString(file);
      String ordered = ImportOrderer.reorderImports(before, JavaFormatterOptions.Style.GOOGLE);
      String after = new Formatter().formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
      if (apply && !after.equals(before)) {
        Files.writeString(file, after);
      }
      return !after.equals(before);
    } catch (Exception e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }
}
