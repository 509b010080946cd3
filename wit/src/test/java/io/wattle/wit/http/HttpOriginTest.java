package io.wattle.wit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpOriginTest {
  private static HttpRequest request(String scheme, String authority) {
    return new HttpRequest(
        "GET",
        Optional.empty(),
        Optional.of(scheme).filter(text -> !text.isEmpty()),
        Optional.of(authority),
        Fields.EMPTY,
        HttpBody.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "'', example.com, https://example.com:443",
    "HTTPS, example.com, https://example.com:443",
    "HTTP, example.com, http://example.com:80",
    "http, example.com:8080, http://example.com:8080",
    "HTTP, [::1], http://[::1]:80",
    "HTTP, [::1]:8080, http://[::1]:8080",
  })
  void whereARequestGoes(String scheme, String authority, String origin) throws Exception {
    assertThat(HttpOrigin.of(request(scheme, authority))).hasToString(origin);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":80", "a:", "a:0", "a:65536", "a:x", "me@a", "[::1", "[]", "[::1]x"})
  void whatIsNoPlace(String authority) {
    assertThatThrownBy(() -> HttpOrigin.of(request("HTTP", authority)))
        .isInstanceOfSatisfying(
            HttpErrorException.class,
            e -> assertThat(e.error().code()).isEqualTo(HttpError.Code.HTTP_REQUEST_URI_INVALID));
  }
}
