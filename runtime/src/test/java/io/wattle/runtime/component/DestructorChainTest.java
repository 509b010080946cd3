package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.runtime.engine.TrapException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guest is {@code chain.wat}. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class DestructorChainTest {
  private static final long MINUTES = 4;

  @TempDir Path folder;

  /**
   * A process in which little has been initialised, so that much would be where no stack is left.
   */
  static final class Fresh {
    private Fresh() {}

    public static void main(String[] args) throws Exception {
      try (Fixture fixture = new Fixture();
          ComponentInstances instances = fixture.link(Fixture.fixture("chain"))) {
        for (int i = 0; i < 2; i++) {
          try (ComponentInstance instance = instances.begin(Fixture.task())) {
            var _ = instance.call("", "drop-all", 60_000L);
            System.out.println("returned");
          } catch (TrapException e) {
            System.out.println(e.kind() + ": " + e.getMessage());
          }
        }
        try (ComponentInstance instance = instances.begin(Fixture.task())) {
          var _ = instance.call("", "drop-all", 3L);
          System.out.println("a short one returned");
        }
      }
    }
  }

  /** A class of Java that is initialised where the stack ends can never be used again. */
  @ParameterizedTest
  @ValueSource(strings = {"954k", "1004k", "1m", "1196k"})
  void endsItsOwnInvocationOnly(String stack) throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-Xss" + stack,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Fresh.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(log))
        .contains(
            "LIMIT: call stack exhausted, in dtor\n"
                + "LIMIT: call stack exhausted, in dtor\n"
                + "a short one returned\n");
    assertThat(process.exitValue()).isZero();
  }
}
