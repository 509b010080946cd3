package io.wattle.providers.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The four forms of RFC 9112, section 3.2. */
class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "GET, /a?b=http://c, /a?b=http://c, host",
    "GET, http://other:81/a?b=c, /a?b=c, other:81",
    "GET, HTTP://other?b, /?b, other",
    "GET, http://other, /, other",
    "OPTIONS, *, *, host",
    "OPTIONS, http://other:81, *, other:81",
    "OPTIONS, http://other/, /, other",
    "CONNECT, other:443, , host"
  })
  void theTargetIsAPathAndAHost(String method, String uri, String path, String host) {
    assertThat(Target.of(method, uri, Optional.of("host")))
        .isEqualTo(new Target(Optional.ofNullable(path), Optional.of(host)));
  }

  @ParameterizedTest
  @CsvSource({"GET, /, ", "GET, http://other/, other", "CONNECT, other:443, other:443"})
  void aRequestMayComeWithoutItsHeader(String method, String uri, String host) {
    assertThat(Target.of(method, uri, Optional.empty()).authority())
        .isEqualTo(Optional.ofNullable(host));
  }
}
