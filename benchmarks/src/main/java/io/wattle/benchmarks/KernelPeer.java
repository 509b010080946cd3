package io.wattle.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something that runs kernels; all are measured by the processor time that they take. */
sealed interface KernelPeer extends AutoCloseable {
  /**
   * What an export answered.
   *
   * @param nanos processor time, in nanoseconds
   * @param result which depends on all that was computed
   */
  record Answer(long nanos, int result) {}

  /** Does the work of an export that many times. */
  Answer run(String kernel, int times) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;

  /** A process that lives on and answers lines, see {@link Kernels}. */
  record Living(Process process, BufferedReader out, BufferedWriter in) implements KernelPeer {
    static Living start(List<String> command) throws IOException {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new Living(
          process,
          process.inputReader(StandardCharsets.UTF_8),
          process.outputWriter(StandardCharsets.UTF_8));
    }

    @Override
    public Answer run(String kernel, int times) throws IOException {
      in.write(kernel + " " + times + "\n");
      in.flush();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(Children.SAID)) {
          String[] words = line.substring(Children.SAID.length()).split(" ", 2);
          return new Answer(Long.parseLong(words[0]), Integer.parseInt(words[1]));
        }
      }
      throw new IOException("the process that runs " + kernel + " ended without an answer");
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /**
   * A process for each answer. What it takes to start, and to do the work once, is measured too and
   * taken off.
   *
   * @param command of wasmtime
   * @param module compiled by it before
   * @param component whether exports are called by WAVE
   */
  record Wasmtime(String command, Path module, boolean component) implements KernelPeer {
    private static final Pattern TIME = Pattern.compile("(\\d+)m([0-9.]+)s (\\d+)m([0-9.]+)s");

    /** Compiles the guest, so that no run has to; the shell tells the time of its children. */
    static Wasmtime start(String command, Path guest, Path folder, boolean component)
        throws IOException, InterruptedException {
      Path module = folder.resolve(guest.getFileName() + ".compiled");
      shell(command, "compile", guest.toString(), "-o", module.toString());
      return new Wasmtime(command, module, component);
    }

    @Override
    public Answer run(String kernel, int times) throws IOException, InterruptedException {
      Answer once = process(kernel, 1);
      Answer all = process(kernel, times + 1);
      return new Answer(Math.max(1, all.nanos - once.nanos), all.result);
    }

    private Answer process(String kernel, int times) throws IOException, InterruptedException {
      List<String> words =
          new ArrayList<>(List.of(command, "run", "--allow-precompiled", "--invoke"));
      if (component) {
        words.addAll(List.of(kernel + "(" + times + ")", module.toString()));
      } else {
        words.addAll(List.of(kernel, module.toString(), Integer.toString(times)));
      }
      List<String> lines = shell(words.toArray(String[]::new));
      // The last of all: what the shell took itself, and what its children did.
      Matcher time = TIME.matcher(lines.getLast());
      if (lines.size() < 3 || !time.matches()) {
        throw new IOException(command + " said: " + lines);
      }
      double seconds =
          60 * (Integer.parseInt(time.group(1)) + Integer.parseInt(time.group(3)))
              + Double.parseDouble(time.group(2))
              + Double.parseDouble(time.group(4));
      int result = (int) Long.parseLong(lines.get(lines.size() - 3).strip());
      return new Answer(Math.round(seconds * 1e9), result);
    }

    private static List<String> shell(String... words) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" && times", "sh"));
      command.addAll(List.of(words));
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try {
        List<String> lines = process.inputReader().readAllLines();
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
          throw new IOException(String.join(" ", words) + " failed: " + lines);
        }
        return lines;
      } finally {
        process.destroyForcibly();
      }
    }

    @Override
    public void close() {}
  }
}
