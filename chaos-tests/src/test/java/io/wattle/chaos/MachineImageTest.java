package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Looked at everywhere, because {@link ContainersTest} runs only where there is an engine. */
final class MachineImageTest {
  @Test
  void theImagesRuntimeHasEveryModuleOfTheJdkThatOurClassesName() {
    StringWriter said = new StringWriter();
    List<String> arguments =
        new ArrayList<>(List.of("-summary", "--ignore-missing-deps", "--multi-release", "base"));
    Arrays.stream(Wattle.CLASS_PATH.split(File.pathSeparator))
        .filter(MachineImageTest::isOurs)
        .forEach(arguments::add);
    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(new PrintWriter(said), new PrintWriter(said), arguments.toArray(String[]::new));
    assertThat(code).as(said.toString()).isZero();
    TreeSet<String> named =
        Pattern.compile("-> ((java|jdk)\\.\\S+)")
            .matcher(said.toString())
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).as(said.toString()).contains("java.base", "jdk.net");
    assertThat(MachineImage.MODULES.split(",")).containsAll(named);
  }

  private static boolean isOurs(String entry) {
    Path path = Path.of(entry);
    return Files.exists(path)
        && (path.startsWith(Repository.folder()) || path.toString().contains("/io/wattle/"));
  }
}
