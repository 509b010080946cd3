package io.wattle.runtime.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.Component;
import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.InvalidComponentException.Reason;
import io.wattle.runtime.LinkException;
import io.wattle.runtime.host.HostInterface;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not loaded or linked, and what is said about it. */
class RefusalTest {
  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aCoreModuleIsNoComponent() {
    assertThatThrownBy(() -> fixture.runtime.load(Fixture.guest("core-module")))
        .isInstanceOfSatisfying(
            InvalidComponentException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.CORE_MODULE))
        .hasMessage(
            "this is a core WebAssembly module, not a component; make one of it with `wasm-tools"
                + " component new`");
  }

  @Test
  void neitherIsTextNorNothing() {
    assertThatThrownBy(
            () -> fixture.runtime.load("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .hasMessageContaining("offset 0x0")
        .hasMessageContaining("this is no WebAssembly binary");
    assertThatThrownBy(() -> fixture.runtime.load(new byte[0]))
        .isInstanceOf(InvalidComponentException.class)
        .hasMessageContaining("unexpected end");
  }

  @Test
  void wasi03IsRefusedInASentence() {
    assertThatThrownBy(() -> fixture.runtime.load(Fixture.guest("wasi-0-3-stream")))
        .isInstanceOfSatisfying(
            InvalidComponentException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("this component needs WASI 0.3 (")
        .hasMessageContaining("), which is not supported yet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo-types", "greeter-c", "greeter-http", "hostile", "http-counter", "http-hello-world",
        "http-std", "http-toolbox", "missing-import", "state", "tail-call", "wasi-cli-hello"
      })
  void everyGuestIsLoaded(String guest) throws Exception {
    Component component = fixture.runtime.load(Fixture.guest(guest));
    assertThat(component.exports()).isNotEmpty();
    assertThat(component.digest()).hasSize(64);
    assertThat(component.wit()).startsWith("package root:component;\n\nworld root {");
  }

  /**
   * A function of the component model has no vectors (Canonical ABI, "flattening"): not lifted of a
   * core function that takes one, nor lowered for one that is imported so. Two numbers are as many
   * words.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0061736d0d00010001230061736d0100000001060160017b017f03020100070501016600000a"
            + "0601040041010b020401000000070b0140020161770162770079060701000001000166080601"
            + "00000000000b0701000166010000"
            + "| got func [v128] -> [i32] (expected: func [i64, i64] -> [i32])",
        "0061736d0d000100070801400101617701000a09010004686f7374010008050101000000012f"
            + "0061736d0100000001090260017b006000017f02070101610168000003020101070501016600"
            + "010a0601040041010b020e020101016800000000010161120007050140000079060701000001"
            + "01016608060100000100010b0701000166010100"
            + "| got func [i64] -> [] (expected: func [v128] -> [])"
      })
  void functionsOfComponentsHaveNoVectors(String binary, String message) {
    assertThatThrownBy(() -> fixture.runtime.load(HexFormat.of().parseHex(binary)))
        .isInstanceOf(InvalidComponentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void interfacesWithResourcesAreNotLinked() {
    assertThatThrownBy(() -> fixture.link(Fixture.guest("http-hello-world")))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("wasi:")
        .hasMessageContaining("@0.2.2")
        .hasMessageContaining("interfaces with resources cannot be linked");
  }

  @Test
  void anInterfaceThatNothingServesIsNamed() {
    assertThatThrownBy(() -> fixture.link(Fixture.guest("echo-types")))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("wattle:test/host-types@0.1.0")
        .hasMessageContaining("nothing serves its function");
  }

  @Test
  void aFunctionMissingInAHostInterfaceIsNamed() {
    HostInterface half =
        HostInterface.named("wattle:test/host-types@0.1.0")
            .function("echo-u8", (call, arguments) -> arguments[0])
            .build();
    assertThatThrownBy(() -> fixture.link(Fixture.guest("echo-types"), half))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("wattle:test/host-types@0.1.0")
        .hasMessageContaining("the host's implementation has no function");
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "missing-import", "wasi-0-3-stream", "wasi-0-3-async"})
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void everyTruncationIsRefusedOrLoaded(String guest) {
    byte[] wasm = Fixture.guest(guest);
    for (int length = 0; length < wasm.length; length++) {
      loadsOrRefuses(Arrays.copyOf(wasm, length), guest + " cut at " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "missing-import", "greeter-c", "wasi-cli-hello", "echo-types"})
  @Timeout(value = 600, unit = TimeUnit.SECONDS)
  void everyFlippedByteIsRefusedOrLoaded(String guest) {
    byte[] wasm = Fixture.guest(guest);
    Random random = new Random(42);
    for (int i = 0; i < 1_500; i++) {
      byte[] broken = wasm.clone();
      // Component sections lie at both ends of a binary: flip there, mostly.
      int at =
          i % 3 == 0
              ? random.nextInt(wasm.length)
              : i % 3 == 1
                  ? random.nextInt(Math.min(2_000, wasm.length))
                  : wasm.length - 1 - random.nextInt(Math.min(2_000, wasm.length));
      broken[at] = (byte) random.nextInt();
      loadsOrRefuses(broken, guest + " byte " + at + " = " + (broken[at] & 0xff));
    }
  }

  private void loadsOrRefuses(byte[] wasm, String what) {
    try {
      fixture.runtime.load(wasm);
    } catch (InvalidComponentException e) {
      assertThat(e.getMessage()).as(what).isNotBlank();
    } catch (Throwable e) {
      throw new AssertionError(what + ": neither loaded nor refused", e);
    }
  }
}
