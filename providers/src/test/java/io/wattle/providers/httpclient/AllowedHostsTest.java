package io.wattle.providers.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.providers.LinkException;
import io.wattle.wit.http.HttpOrigin;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {
  @Test
  void whatIsNamedIsAllowed() throws Exception {
    AllowedHosts some =
        AllowedHosts.of(Map.of("allowed_hosts", "API.example.com, 10.0.0.7:8080,[::1]:53,[::2]"));
    assertThat(some.allows(new HttpOrigin(true, "api.Example.com", 443))).isTrue();
    assertThat(some.allows(new HttpOrigin(false, "api.example.com", 81))).isTrue();
    assertThat(some.allows(new HttpOrigin(true, "x.api.example.com", 443))).isFalse();
    assertThat(some.allows(new HttpOrigin(false, "10.0.0.7", 8080))).isTrue();
    assertThat(some.allows(new HttpOrigin(false, "10.0.0.7", 80))).isFalse();
    assertThat(some.allows(new HttpOrigin(false, "::1", 53))).isTrue();
    assertThat(some.allows(new HttpOrigin(false, "::1", 80))).isFalse();
    assertThat(some.allows(new HttpOrigin(false, "::2", 80))).isTrue();
    assertThat(AllowedHosts.of(Map.of()).allows(new HttpOrigin(true, "a", 1))).isTrue();
    assertThat(AllowedHosts.of(Map.of("allowed_hosts", " ")).allows(new HttpOrigin(true, "a", 1)))
        .as("none named is none allowed")
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {":80", "a:", "a:0", "a:65536", "a:x", "*.a", "http://a", "me@a", "[]"})
  void whatIsNoHostIsRefused(String entry) {
    assertThatThrownBy(() -> AllowedHosts.of(Map.of("allowed_hosts", entry)))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("expected: HOST or HOST:PORT");
  }
}
