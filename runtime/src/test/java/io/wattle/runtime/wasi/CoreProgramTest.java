package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.LinkException;
import io.wattle.runtime.engine.StoreLimits;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.wasi.io.OutputSink;
import io.wattle.runtime.wasi.preview1.CoreProgram;
import io.wattle.runtime.wasi.sockets.NetworkAccess;
import io.wattle.runtime.wasi.sockets.NetworkRule;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Core modules without a component around them. */
@Timeout(120)
class CoreProgramTest {
  private static final WasiOptions NOTHING = WasiOptions.builder().build();

  @Test
  void aFunctionOfAModuleIsCalled() throws Exception {
    CoreProgram program = CoreGuests.load("core-module");
    assertThat(program.functions()).containsOnlyKeys("add");
    assertThat(program.isCommand()).isFalse();
    long[] sum =
        program.call(
            Guests.task(Duration.ofSeconds(60)),
            NOTHING,
            StoreLimits.DEFAULT,
            CoreGuests.THREADS,
            "add",
            10,
            20);
    assertThat((int) sum[0]).isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({
    "wasi_snapshot_preview1, sock_open, WASI preview 1 has no such function",
    "wasi_snapshot_preview1, fd_close, 'has it as [i32] -> [i32], and the module wants [] -> []'",
    "wasi_unstable, fd_write, 'preview 0 of WASI is not served (expected: wasi_snapshot_preview1)'",
    "env, malloc, the module was linked with symbols that are not defined",
    "acme, f, make it a component"
  })
  void anImportThatNothingServesIsNamed(String module, String name, String why) {
    assertThatThrownBy(() -> CoreProgram.load(CoreGuests.ENGINE, importing(module, name)))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("import " + module + "::" + name)
        .hasMessageContaining(why);
  }

  /** A module that imports one function of type () -> () (core specification, section 5.5). */
  private static byte[] importing(String module, String name) {
    ByteArrayOutputStream imports = new ByteArrayOutputStream();
    imports.write(1);
    imports.write(module.length());
    imports.writeBytes(module.getBytes(UTF_8));
    imports.write(name.length());
    imports.writeBytes(name.getBytes(UTF_8));
    imports.write(0);
    imports.write(0);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2});
    all.write(imports.size());
    all.writeBytes(imports.toByteArray());
    return all.toByteArray();
  }

  /**
   * {@code (module (import "wasi_snapshot_preview1" "fd_write" (func $w ...)) (memory (export
   * "memory") 1) (func $s (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const
   * 32)))) (start $s) (func (export "_start")) (data (i32.const 0) "\10\00\00\00\03\00\00\00")
   * (data (i32.const 16) "hi\0a"))}.
   */
  @Test
  void theStartFunctionOfAModuleMayWrite() throws Exception {
    byte[] module =
        HexFormat.of()
            .parseHex(
                "0061736d01000000"
                    + "010c0260047f7f7f7f017f600000"
                    + "02230116776173695f736e617073686f745f7072657669657731"
                    + "0866645f77726974650000"
                    + "0303020101"
                    + "0503010001"
                    + "071302066d656d6f72790200065f73746172740002"
                    + "080101"
                    + "0a12020d00410141004101412010001a0b02000b"
                    + "0b16020041000b0810000000030000000041100b0368690a");
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    int exit =
        CoreProgram.load(CoreGuests.ENGINE, module)
            .run(
                Guests.task(Duration.ofSeconds(60)),
                WasiOptions.builder().stdout(OutputSink.to(stdout)).build(),
                StoreLimits.DEFAULT,
                CoreGuests.THREADS);
    assertThat(exit).isZero();
    assertThat(stdout.toString(UTF_8)).isEqualTo("hi\n");
  }

  /** {@code (module (memory 1) (func (export "_start") (loop (br 0))))}. */
  @Test
  void aModuleThatDoesNotEndIsStopped() throws Exception {
    byte[] looping = {
      0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 7, 10, 1, 6,
      '_', 's', 't', 'a', 'r', 't', 0, 0, 10, 9, 1, 7, 0, 3, 0x40, 0x0c, 0, 0x0b, 0x0b
    };
    CoreProgram program = CoreProgram.load(CoreGuests.ENGINE, looping);
    assertThatThrownBy(
            () ->
                program.run(
                    Guests.task(Duration.ofMillis(200)),
                    NOTHING,
                    StoreLimits.DEFAULT,
                    CoreGuests.THREADS))
        .isInstanceOf(TrapException.class)
        .extracting(e -> ((TrapException) e).kind())
        .isEqualTo(TrapException.Kind.DEADLINE);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProgramAnswersOnTheAddressItIsGiven() throws Exception {
    // A loopback address that nobody else uses, so that the port stays free.
    InetAddress own = InetAddress.ofLiteral("127.93.17.5");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, own)) {
      port = free.getLocalPort();
    }
    InetSocketAddress address = new InetSocketAddress(own, port);
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    WasiOptions options =
        WasiOptions.builder()
            .arguments(List.of("files-std", "answer 3"))
            .stdout(OutputSink.to(stdout))
            .network(
                new NetworkAccess(
                    List.of(), List.of(NetworkRule.parse("127.93.17.5:" + port)), List.of(address)))
            .build();
    CompletableFuture<Integer> exit =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return CoreGuests.run("files-std-core", options);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    String answer = ask(address, exit);
    assertThat(exit.get(60, TimeUnit.SECONDS)).isZero();
    assertThat(answer).isEqualTo("HELLO");
    assertThat(stdout.toString(UTF_8)).isEqualTo("answer 3: 5\n");
  }

  /** Connects as soon as somebody listens. */
  private static String ask(InetSocketAddress address, CompletableFuture<Integer> exit)
      throws Exception {
    while (true) {
      try (Socket client = new Socket(address.getAddress(), address.getPort())) {
        client.setSoTimeout(60_000);
        client.getOutputStream().write("hello".getBytes(UTF_8));
        client.shutdownOutput();
        return new String(client.getInputStream().readAllBytes(), UTF_8);
      } catch (ConnectException e) {
        assertThat(exit).isNotDone();
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }
}
