package io.wattle.cli.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.wattle.cli.Main;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A component that prints without end, in a process of its own whose output somebody reads. */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
class SlowReaderTest {
  /** Writes {@code yes} to standard output until that fails, and exits with the reason. */
  private static final String YES =
      "0061736d0100000001100360047f7f7f7f017f60017f006000000246"
          + "0216776173695f736e617073686f745f7072657669657731"
          + "0866645f77726974650000"
          + "16776173695f736e617073686f745f7072657669657731"
          + "0970726f635f657869740001"
          + "030201020503010001071302066d656d6f72790200065f73746172740002"
          + "0a20011e01017f034041014100410141321000210020000440200010010b0c000b0b"
          + "0b18020041e4000b047965730a0041000b086400000004000000";

  @TempDir Path folder;
  private Path yes = Path.of("");

  @BeforeEach
  void write() throws Exception {
    yes = Files.write(folder.resolve("yes.wasm"), HexFormat.of().parseHex(YES));
  }

  private Process run(String timeout) throws Exception {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                Main.class.getName(),
                "run",
                yes.toString(),
                "--timeout",
                timeout))
        .redirectError(folder.resolve("said").toFile())
        .start();
  }

  /** {@code wattle run yes.wasm | head -1}. */
  @Test
  void itEndsWhenItsReaderHasGone() throws Exception {
    Process process = run("1h");
    try {
      try (InputStream out = process.getInputStream()) {
        assertThat(out.readNBytes(4)).asString().isEqualTo("yes\n");
      }
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isNotZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void itsTimeIsOverAlsoWhereNobodyReads() throws Exception {
    Process process = run("1s");
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(folder.resolve("said")).content().contains("the deadline passed");
      assertThat(process.exitValue()).isEqualTo(1);
    } finally {
      process.destroyForcibly();
    }
  }
}
