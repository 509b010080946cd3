package io.wattle.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes namespaces by their names, with what runs in them. */
final class Leftovers {
  private static final Pattern NAME = Pattern.compile(Namespaces.PREFIX + "(\\d+)-\\d+-\\w+");

  private Leftovers() {}

  /** Those of test JVMs that are gone. */
  static void sweep() throws IOException, InterruptedException {
    for (String name : names()) {
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty()) {
        System.out.println("removing " + name + ", left by a test that was killed");
        remove(name);
      }
    }
  }

  /** Those whose names begin so. Says what it could not do, and goes on. */
  static void remove(String prefix) {
    try {
      for (String name : names()) {
        if (name.startsWith(prefix)) {
          killAll(name);
          Ip.run("netns delete " + name);
        }
      }
    } catch (IOException e) {
      System.out.println("namespaces " + prefix + "*: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A link of ours outside; it may have gone with its other end. */
  static void removeLink(String link) {
    try {
      Ip.run("link delete " + link);
    } catch (IOException e) {
      // gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> names() throws IOException, InterruptedException {
    return Ip.run("netns list")
        .lines()
        .map(line -> line.split(" ")[0])
        .filter(name -> name.startsWith(Namespaces.PREFIX))
        .toList();
  }

  private static void killAll(String namespace) throws IOException, InterruptedException {
    Ip.run("netns pids " + namespace)
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> ProcessHandle.of(Long.parseLong(line.strip())))
        .flatMap(Optional::stream)
        .forEach(ProcessHandle::destroyForcibly);
  }
}
