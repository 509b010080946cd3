package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.wattle.lattice.control.ComponentDescription;
import io.wattle.lattice.control.ScaleComponent;
import io.wattle.lattice.testing.NatsForTests;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same guest in several languages, with the runtime that each of them brings along. */
class EverydayTest extends LatticeTest {
  @RegisterExtension static final NatsForTests NATS = new NatsForTests();
  private static final Pattern ANSWER =
      Pattern.compile("(\\w+): visit (\\d+) of (\\w+) at (\\d+), chance ([0-9a-f]+)\\s*");

  /** StarlingMonkey imports it for its fetch(), which the guest does not call. */
  private static final String UNUSED = "[\"wasi:http/outgoing-handler\"]";

  EverydayTest() {
    super(NATS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rust", "c", "go", "quickjs"})
  void answersCountsAndKnowsTimeAndChance(String language) throws Exception {
    answers(lattice.host(), language, TestLattice.image("everyday-" + language));
  }

  /** Too large to be committed: skipped where components/real/build.sh did not build them. */
  @ParameterizedTest
  @ValueSource(strings = {"starlingmonkey", "python"})
  void theLargestDoTheSameInterpretedAndCompiled(String language) throws Exception {
    Path file = Path.of("../components/real/target/everyday-" + language + ".wasm");
    assumeTrue(
        Files.exists(file),
        () -> file + " is not there: components/real/build.sh " + language + " builds it");
    Host host = lattice.host();
    String url = answers(host, language, "file://" + file.toRealPath());
    await()
        .atMost(Duration.ofMinutes(15))
        .until(() -> isCompiled(lattice.control.inventory(host.id()).components()));
    Matcher third = visit(url, language);
    assertThat(Long.parseLong(third.group(2))).isEqualTo(3);
  }

  private static boolean isCompiled(List<ComponentDescription> components) {
    return components.size() == 1
        && String.valueOf(components.getFirst().extra().get(ComponentDescription.CODE))
            .equals("\"compiled\"");
  }

  private String answers(Host host, String language, String image) throws Exception {
    String id = "everyday-" + language;
    lattice.control.scale(host.id(), ScaleComponent.of(host.id(), id, image, 2));
    await() // an interpreter takes a while to compile
        .atMost(Duration.ofMinutes(3))
        .until(() -> !lattice.control.inventory(host.id()).components().isEmpty());
    lattice.keyValue(host, id);
    String url = lattice.serve(host, id, "http-" + language);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(lattice.missingLinks(host, id)).isIn("[]", UNUSED));

    Matcher first = visit(url, language);
    Matcher second = visit(url, language);
    assertThat(Long.parseLong(second.group(2))).isEqualTo(Long.parseLong(first.group(2)) + 1);
    assertThat(second.group(5)).isNotEqualTo(first.group(5));
    assertThat(Instant.ofEpochSecond(Long.parseLong(first.group(4))))
        .isBetween(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(3600));
    return url;
  }

  private Matcher visit(String url, String language) throws Exception {
    HttpResponse<String> response = web.post(url + language, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    Matcher answer = ANSWER.matcher(response.body());
    assertThat(answer.matches()).as(response.body()).isTrue();
    assertThat(answer.group(1)).isEqualTo(language);
    assertThat(answer.group(3)).isEqualTo(language);
    return answer;
  }
}
