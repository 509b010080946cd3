package io.wattle.examples.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.LinkException;
import io.wattle.runtime.embed.Embedding;
import io.wattle.runtime.embed.Plugin;
import io.wattle.runtime.engine.TrapException;
import io.wattle.runtime.host.HostInterface;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ShopTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path RULE = ROOT.resolve("components/dist/price-rule.wasm");
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void printsThePriceAndThatThePluginWasStopped() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      Shop.main(new String[] {RULE.toString()});
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(UTF_8).lines())
        .hasSize(2)
        .first()
        .isEqualTo("330 cents"); // of twelve pieces one is free
    assertThat(printed.toString(UTF_8).lines().skip(1).findFirst())
        .hasValueSatisfying(line -> assertThat(line).startsWith("DEADLINE: "));
  }

  @Test
  void whatIsClosedLoadsNothing() {
    Embedding embedding = Embedding.open();
    embedding.close();
    assertThatThrownBy(() -> embedding.load(RULE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the embedding was closed");
  }

  @Test
  void aStoppedOrFailedCallLeavesNothingBehind() throws Exception {
    List<Object> asked = new CopyOnWriteArrayList<>();
    HostInterface catalogue =
        HostInterface.named("wattle:examples/catalogue@0.1.0")
            .function(
                "price",
                (call, given) -> {
                  asked.add(given[0]);
                  return 7L;
                })
            .build();
    try (Embedding embedding = Embedding.open();
        Plugin rule = embedding.load(RULE, catalogue)) {
      assertThatThrownBy(() -> rule.call(Duration.ofMillis(100), "stuck"))
          .isInstanceOfSatisfying(
              TrapException.class,
              e -> assertThat(e.kind()).isEqualTo(TrapException.Kind.DEADLINE));
      assertThatThrownBy(() -> rule.call(LONG, "tottal", "fig", 1L))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tottal");
      assertThatThrownBy(() -> rule.call(LONG, "total", "fig", "many"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(rule.call(LONG, "total", "fig", 2L)).isEqualTo(14L);
      assertThat(asked).containsExactly("fig");
    }
  }

  @Test
  void saysWhatAPluginWantsThatNobodyGaveIt() {
    try (Embedding embedding = Embedding.open()) {
      assertThatThrownBy(() -> embedding.load(RULE))
          .isInstanceOf(LinkException.class)
          .hasMessageContaining("wattle:examples/catalogue@0.1.0");
    }
  }

  /** The page shows this program, not another. */
  @Test
  void thePageShowsThisProgram() throws Exception {
    String page = Files.readString(ROOT.resolve("docs/embedding.md"));
    String shown = page.substring(page.indexOf("```java\n") + 8);
    shown = shown.substring(0, shown.indexOf("```"));
    String program =
        Files.readString(Path.of("src/main/java/io/wattle/examples/embedding/Shop.java"));
    assertThat(squeezed(program)).contains(squeezed(shown));
    assertThat(shown.lines().filter(line -> !line.isBlank()).count()).isLessThanOrEqualTo(13);
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
