package io.wattle.runtime.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemTest {
  private static final Path WIT = Path.of("..", "components", "wit", "deps");

  @Test
  void clocksAreThoseInjected() throws Exception {
    AtomicLong nanos = new AtomicLong(-500);
    Guest guest =
        new Guest(
            WasiOptions.builder()
                .ticker(nanos::get)
                .wallClock(() -> Instant.ofEpochSecond(12, 34))
                .build());
    nanos.addAndGet(1000);
    assertThat(guest.call("wasi:clocks/monotonic-clock@0.2.0", "now")).isEqualTo(1000L);
    assertThat((Object[]) guest.call("wasi:clocks/wall-clock@0.2.0", "now"))
        .containsExactly(12L, 34L);
    Object past = guest.call("wasi:clocks/monotonic-clock@0.2.0", "subscribe-instant", 1000L);
    Object future = guest.call("wasi:clocks/monotonic-clock@0.2.0", "subscribe-instant", 1001L);
    assertThat(guest.call("wasi:io/poll@0.2.0", "[method]pollable.ready", past)).isEqualTo(true);
    assertThat(guest.call("wasi:io/poll@0.2.0", "[method]pollable.ready", future)).isEqualTo(false);
    nanos.incrementAndGet();
    assertThat(guest.call("wasi:io/poll@0.2.0", "[method]pollable.ready", future)).isEqualTo(true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "insecure"})
  void randomBytesAreBounded(String kind) throws Exception {
    Guest guest = new Guest(WasiOptions.builder().build());
    String function = kind.equals("random") ? "get-random-bytes" : "get-insecure-random-bytes";
    String name = "wasi:random/" + kind + "@0.2.0";
    assertThat((byte[]) guest.call(name, function, 33L)).hasSize(33);
    assertThatThrownBy(() -> guest.call(name, function, 1L << 40))
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("1099511627776");
    assertThatThrownBy(() -> guest.call(name, function, -1L)).isInstanceOf(TrapException.class);
  }

  @Test
  void terminalsAreThoseGiven() throws Exception {
    WasiOptions options = WasiOptions.builder().terminals(new Terminals(true, false, true)).build();
    Guest guest = new Guest(options);
    for (String stream : List.of("stdin", "stdout", "stderr")) {
      Object terminal =
          guest.call("wasi:cli/terminal-" + stream + "@0.2.0", "get-terminal-" + stream);
      assertThat((java.util.Optional<?>) terminal)
          .matches(found -> found.isPresent() == !stream.equals("stdout"));
    }
  }

  @Test
  void argumentsAndEnvironmentAreThoseGiven() throws Exception {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("B", "2");
    environment.put("A", "1");
    Guest guest =
        new Guest(
            WasiOptions.builder().arguments(List.of("x", "y")).environment(environment).build());
    assertThat(guest.call("wasi:cli/environment@0.2.0", "get-arguments"))
        .isEqualTo(List.of("x", "y"));
    List<?> variables = (List<?>) guest.call("wasi:cli/environment@0.2.0", "get-environment");
    assertThat(Objects.requireNonNull(variables).stream().map(v -> List.of((Object[]) v)).toList())
        .isEqualTo(List.of(List.of("B", "2"), List.of("A", "1")));
  }

  @Test
  void exitEndsTheGuestWithItsCode() {
    Guest guest = new Guest(WasiOptions.builder().build());
    assertThat(exitCode(guest, "exit", Result.OK)).isEqualTo(0);
    assertThat(exitCode(guest, "exit", Result.err(null))).isEqualTo(1);
    assertThat(exitCode(guest, "exit-with-code", 42)).isEqualTo(42);
  }

  private static int exitCode(Guest guest, String function, Object status) {
    try {
      var _ = guest.call("wasi:cli/exit@0.2.0", function, status);
      throw new AssertionError("it returned");
    } catch (TrapException e) {
      assertThat(e.kind()).isEqualTo(TrapException.Kind.EXIT);
      return ((GuestExit) Objects.requireNonNull(e.getCause())).code();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void configIsAskedAtEveryCall() throws Exception {
    AtomicReference<Map<String, String>> config = new AtomicReference<>(Map.of());
    Guest guest = new Guest(WasiOptions.builder().config(config::get).build());
    String store = "wasi:config/store@0.2.0-draft";
    assertThat(guest.ok(store, "get", "color")).isEqualTo(Optional.empty());
    config.set(Map.of("color", "blue"));
    assertThat(guest.ok(store, "get", "color")).isEqualTo(Optional.of("blue"));
    assertThat((List<?>) guest.ok("wasi:config/runtime@0.2.0-draft", "get-all")).hasSize(1);
  }

  @Test
  void logsGoWhereTheyAreSent() throws Exception {
    List<String> lines = new ArrayList<>();
    Guest guest =
        new Guest(
            WasiOptions.builder()
                .log(
                    (task, level, context, message) ->
                        lines.add(task.component() + " " + level + " " + context + " " + message))
                .build());
    guest.call("wasi:logging/logging@0.1.0-draft", "log", 5, "shop", "on fire");
    guest.call("wasi:logging/logging", "log", 2, "shop", "fine");
    assertThat(lines).containsExactly("guest ERROR shop on fire", "guest INFO shop fine");
  }

  @Test
  void socketsRefuse() throws Exception {
    Guest guest = new Guest(WasiOptions.builder().build());
    assertThat(guest.error("wasi:sockets/tcp-create-socket@0.2.0", "create-tcp-socket", 0))
        .isEqualTo(1);
    Object network = guest.call("wasi:sockets/instance-network@0.2.0", "instance-network");
    assertThat(guest.error("wasi:sockets/ip-name-lookup@0.2.0", "resolve-addresses", network, "a"))
        .isEqualTo(1);
  }

  /** Any component that imports a 0.2 interface must find all its functions. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "wasi-io",
        "wasi-clocks",
        "wasi-random",
        "wasi-cli",
        "wasi-filesystem",
        "wasi-sockets",
        "wasi-http",
        "wasi-config",
        "wasi-logging"
      })
  void everyFunctionOfTheInterfacesIsThere(String folder) throws Exception {
    List<String> missing = new ArrayList<>();
    int seen = 0;
    try (Stream<Path> files = Files.list(WIT.resolve(folder))) {
      for (Path file : files.toList()) {
        seen += check(folder, Files.readString(file), missing);
      }
    }
    assertThat(missing).isEmpty();
    assertThat(seen).isPositive();
  }

  private static final Pattern LINE =
      Pattern.compile(
          "interface ([a-z0-9-]+) \\{|resource ([a-z-]+)( \\{|;)|constructor\\(|^(\\s*)\\}"
              + "|^\\s*%?([a-z0-9-]+): (static )?func",
          Pattern.MULTILINE);

  private static int check(String folder, String wit, List<String> missing) throws IOException {
    String text = wit.replaceAll("(?m)///?.*$", "");
    String version =
        folder.equals("wasi-config")
            ? "@0.2.0-draft"
            : folder.equals("wasi-logging") ? "@0.1.0-draft" : "@0.2.2";
    var interfaces = Wasi.interfaces(WasiOptions.builder().build());
    String name = "";
    String resource = "";
    int seen = 0;
    Matcher line = LINE.matcher(text);
    while (line.find()) {
      String wanted;
      if (line.group(1) != null) {
        name = folder.replace("wasi-", "wasi:") + "/" + line.group(1) + version;
        resource = "";
        continue;
      } else if (line.group(2) != null) {
        resource = line.group(3).equals(";") ? "" : line.group(2);
        HostInterface host = interfaces.find(name);
        if (host == null || !host.resources().containsKey(line.group(2))) {
          missing.add(name + " resource " + line.group(2));
        }
        continue;
      } else if (line.group().startsWith("constructor")) {
        wanted = "[constructor]" + resource;
      } else if (line.group(5) == null) {
        if (line.group(4).length() <= 4 && !line.group(4).isEmpty()) {
          resource = "";
        }
        continue;
      } else {
        String kind = line.group(6) == null ? "[method]" : "[static]";
        wanted = resource.isEmpty() ? line.group(5) : kind + resource + "." + line.group(5);
      }
      if (name.contains("incoming-handler") || name.contains("cli/run")) {
        continue;
      }
      seen++;
      HostInterface host = interfaces.find(name);
      if (host == null || !host.functions().containsKey(wanted)) {
        missing.add(name + " " + wanted);
      }
    }
    return seen;
  }
}
