package io.wattle.chaos;

import io.wattle.lattice.nats.NatsServerBinary;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * A container image of what is on this machine, so that no registry is needed: a runtime made by
 * jlink from the JDK that runs the tests, the shared libraries it names, {@code nats-server}, our
 * classes, and the committed components at the path that they have here.
 */
final class MachineImage {
  /** Modules of the JDK that our classes and libraries need. */
  static final String MODULES =
      "java.base,java.logging,java.management,java.naming,java.net.http,java.security.sasl,"
          + "java.sql,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs";

  private static final Pattern LIBRARY = Pattern.compile("(?:=> )?(/\\S+) \\(0x");

  private final Path root;
  private final List<String> classPath = new ArrayList<>();

  private MachineImage(Path root) {
    this.root = root;
  }

  /** Puts the files together in {@code folder}; the image is built when a container wants it. */
  static ImageFromDockerfile make(Path folder) throws IOException, InterruptedException {
    MachineImage image = new MachineImage(folder.resolve("rootfs"));
    image.runtime();
    image.program(
        NatsServerBinary.find(NatsServerBinary.defaultCache(), System.err::println).path(),
        "nats-server");
    image.classes();
    image.components();
    Path scratch = Files.createDirectories(image.root.resolve("tmp"));
    scratch.toFile().setWritable(true, false);
    return new ImageFromDockerfile("wattle-chaos-" + ProcessHandle.current().pid(), true)
        .withFileFromPath("rootfs", image.root)
        .withFileFromString(
            "Dockerfile",
            String.join(
                "\n",
                "FROM scratch",
                "COPY rootfs /",
                "ENV PATH=/jre/bin:/bin WATTLE_HOME=/tmp/wattle CLASSPATH="
                    + String.join(":", image.classPath),
                ""));
  }

  /** What starts our command in a container. */
  static String[] wattle(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "java",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-DontCompileHugeMethods",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "io.wattle.cli.Main"));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  private void runtime() throws IOException, InterruptedException {
    Files.createDirectories(root);
    Path jdk = Path.of(System.getProperty("java.home"));
    Path jre = root.resolve("jre");
    run(
        jdk.resolve("bin/jlink").toString(),
        "--add-modules",
        MODULES,
        "--strip-debug",
        "--no-header-files",
        "--no-man-pages",
        "--output",
        jre.toString());
    libraries(jre.resolve("bin/java"));
    libraries(jre.resolve("lib/server/libjvm.so"));
  }

  private void program(Path program, String name) throws IOException, InterruptedException {
    copy(program, root.resolve("bin").resolve(name));
    libraries(program);
  }

  /** Copies the libraries that a program names; a static one names none. */
  private void libraries(Path program) throws IOException, InterruptedException {
    Set<String> named = new TreeSet<>();
    Matcher libraries = LIBRARY.matcher(said("ldd", program.toString()));
    while (libraries.find()) {
      named.add(libraries.group(1));
    }
    for (String library : named) {
      if (!Path.of(library).startsWith(root)) {
        copy(Path.of(library), root.resolve(library.substring(1)));
      }
    }
  }

  private void classes() throws IOException {
    for (String entry : Wattle.CLASS_PATH.split(File.pathSeparator)) {
      Path from = Path.of(entry);
      String to = "/wattle/" + classPath.size() + (Files.isDirectory(from) ? "" : ".jar");
      if (Files.exists(from)) {
        copyTree(from, root.resolve(to.substring(1)));
        classPath.add(to);
      }
    }
  }

  private void components() throws IOException {
    Path dist = Repository.folder().resolve("components/dist");
    copyTree(dist, root.resolve(dist.toString().substring(1)));
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = from.relativize(file);
        copy(file, relative.toString().isEmpty() ? to : to.resolve(relative));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + said);
    }
  }

  private static String said(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var _ = process.waitFor(1, TimeUnit.MINUTES);
    return said;
  }
}
