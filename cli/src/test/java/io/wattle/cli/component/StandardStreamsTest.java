package io.wattle.cli.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.wasi.Terminals;
import io.wattle.runtime.wasi.io.OutputSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StandardStreamsTest {
  @TempDir Path openFiles;

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsATerminalIsSeenByItsName() throws Exception {
    Files.createSymbolicLink(openFiles.resolve("0"), Path.of("pipe:[4711]"));
    Files.createSymbolicLink(openFiles.resolve("1"), Path.of("/dev/pts/3"));
    assertThat(StandardStreams.terminals(openFiles)).isEqualTo(new Terminals(false, true, false));
    Files.createSymbolicLink(openFiles.resolve("2"), Path.of("/dev/tty1"));
    assertThat(StandardStreams.terminals(openFiles).stderr()).isTrue();
  }

  /** {@code wattle run yes.wasm | head -1}: else the component writes until its deadline. */
  @Test
  void whoWritesWhereNobodyReadsIsTold() {
    OutputSink sink = StandardStreams.to(new PrintStream(new Closed(), false));
    assertThatThrownBy(
            () -> {
              sink.write(new byte[1], 0, 1);
              sink.flush();
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("its reader has gone");
    OutputSink unflushed = StandardStreams.to(new PrintStream(new Closed(), false));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 2; i++) {
                unflushed.write(new byte[OutputSink.UNLIMITED], 0, OutputSink.UNLIMITED);
              }
            })
        .isInstanceOf(IOException.class);
  }

  private static final class Closed extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("Broken pipe");
    }
  }
}
