package io.wattle.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wattle.lattice.testing.NatsForTests;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
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

  EverydayTest() {
    super(NATS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rust", "c", "go", "quickjs"})
  void answersCountsAndKnowsTimeAndChance(String language) throws Exception {
    Host host = lattice.host();
    String id = "everyday-" + language;
    lattice.scale(host, id, id, 2);
    await() // an interpreter takes a while to compile
        .atMost(Duration.ofMinutes(3))
        .until(() -> !lattice.control.inventory(host.id()).components().isEmpty());
    lattice.keyValue(host, id);
    String url = lattice.serve(host, id, "http-" + language);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(lattice.missingLinks(host, id)).isEqualTo("[]"));

    Matcher first = visit(url, language);
    Matcher second = visit(url, language);
    assertThat(Long.parseLong(second.group(2))).isEqualTo(Long.parseLong(first.group(2)) + 1);
    assertThat(second.group(5)).isNotEqualTo(first.group(5));
    assertThat(Instant.ofEpochSecond(Long.parseLong(first.group(4))))
        .isBetween(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(3600));
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
