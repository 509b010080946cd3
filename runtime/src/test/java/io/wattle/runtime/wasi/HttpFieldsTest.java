package io.wattle.runtime.wasi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wattle.runtime.engine.TrapException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFieldsTest {
  private static final int INVALID_SYNTAX = 0;
  private static final int FORBIDDEN = 1;
  private static final int IMMUTABLE = 2;

  private final Guest guest = new Guest(WasiOptions.builder().build());

  @Test
  void namesMatchInAnyCaseAndKeepTheirs() throws Exception {
    Object fields = fields();
    guest.ok(Guest.HTTP, "[method]fields.append", fields, "X-One", bytes("1"));
    guest.ok(Guest.HTTP, "[method]fields.append", fields, "x-one", bytes("2"));
    guest.ok(Guest.HTTP, "[method]fields.append", fields, "x-two", bytes("3"));
    assertThat(values(fields, "X-ONE")).containsExactly("1", "2");
    assertThat(guest.call(Guest.HTTP, "[method]fields.has", fields, "X-Two")).isEqualTo(true);
    assertThat(entries(fields)).containsExactly("X-One=1", "x-one=2", "x-two=3");
    guest.ok(Guest.HTTP, "[method]fields.set", fields, "x-ONE", List.of(bytes("4")));
    assertThat(entries(fields)).containsExactly("x-two=3", "x-ONE=4");
    guest.ok(Guest.HTTP, "[method]fields.delete", fields, "x-one");
    assertThat(guest.call(Guest.HTTP, "[method]fields.has", fields, "x-one")).isEqualTo(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Connection", "host", "Transfer-Encoding", "upgrade", "keep-alive"})
  void fieldsOfTheConnectionAreForbidden(String name) throws Exception {
    assertThat(guest.error(Guest.HTTP, "[method]fields.append", fields(), name, bytes("x")))
        .isEqualTo(FORBIDDEN);
    assertThat(
            guest.error(
                Guest.HTTP,
                "[static]fields.from-list",
                List.of(new Object[] {"ok", bytes("1")}, new Object[] {name, bytes("x")})))
        .isEqualTo(FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "ä", "a\n"})
  void namesAreTokens(String name) throws Exception {
    assertThat(guest.error(Guest.HTTP, "[method]fields.append", fields(), name, bytes("x")))
        .isEqualTo(INVALID_SYNTAX);
    assertThat(values(fields(), name)).isEmpty();
  }

  @Test
  void valuesHaveNoControlCharacters() throws Exception {
    Object fields = fields();
    assertThat(guest.error(Guest.HTTP, "[method]fields.append", fields, "a", bytes("x\r\ny: z")))
        .isEqualTo(INVALID_SYNTAX);
    assertThat(
            guest.error(
                Guest.HTTP, "[method]fields.set", fields, "a", List.of(bytes("1"), bytes("\0"))))
        .isEqualTo(INVALID_SYNTAX);
    guest.ok(Guest.HTTP, "[method]fields.append", fields, "a", bytes("tab\tand ümlaut"));
    assertThat(entries(fields)).hasSize(1);
  }

  @Test
  void headersOfARequestAreImmutableAndTheirCloneIsNot() throws Exception {
    Object request = guest.call(Guest.HTTP, "[constructor]outgoing-request", fields());
    Object headers = guest.call(Guest.HTTP, "[method]outgoing-request.headers", request);
    assertThat(guest.error(Guest.HTTP, "[method]fields.append", headers, "a", bytes("1")))
        .isEqualTo(IMMUTABLE);
    assertThat(guest.error(Guest.HTTP, "[method]fields.delete", headers, "a")).isEqualTo(IMMUTABLE);
    Object clone = guest.call(Guest.HTTP, "[method]fields.clone", headers);
    guest.ok(Guest.HTTP, "[method]fields.append", clone, "a", bytes("1"));
  }

  @Test
  void theHostKeepsNoMoreThanALimit() throws Exception {
    Object fields = fields();
    byte[] large = new byte[60 * 1024];
    java.util.Arrays.fill(large, (byte) 'x');
    guest.ok(Guest.HTTP, "[method]fields.append", fields, "a", large);
    guest.ok(Guest.HTTP, "[method]fields.append", fields, "b", large);
    assertThatThrownBy(() -> guest.call(Guest.HTTP, "[method]fields.append", fields, "c", large))
        .isInstanceOfSatisfying(
            TrapException.class,
            trap -> assertThat(trap.kind()).isEqualTo(TrapException.Kind.LIMIT));
  }

  @Test
  void theFieldsOfAnInstanceAreBoundedTogether() throws Exception {
    byte[] large = new byte[100 * 1024];
    java.util.Arrays.fill(large, (byte) 'x');
    for (int i = 0; i < 1000; i++) {
      Object fields = fields();
      guest.ok(Guest.HTTP, "[method]fields.append", fields, "a", large);
      guest.drop(Guest.HTTP, "fields", fields);
    }
    for (int i = 0; i < 1000; i++) {
      Object fields = fields();
      guest.ok(Guest.HTTP, "[method]fields.append", fields, "a", large);
      Object request = guest.call(Guest.HTTP, "[constructor]outgoing-request", fields);
      guest.drop(Guest.HTTP, "outgoing-request", Objects.requireNonNull(request));
    }
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                guest.ok(Guest.HTTP, "[method]fields.append", fields(), "a", large);
              }
            })
        .isInstanceOf(TrapException.class)
        .hasMessageContaining("fields of one instance");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":80", "a:b", "a:70000", "a b", "[::1", "a/b", "user@"})
  void anAuthorityThatIsNone(String authority) throws Exception {
    Object request = guest.call(Guest.HTTP, "[constructor]outgoing-request", fields());
    var result =
        guest.result(
            Guest.HTTP,
            "[method]outgoing-request.set-authority",
            request,
            java.util.Optional.of(authority));
    assertThat(result.isOk()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "example.com:8080", "[::1]:80", "u:p@h:1", "127.0.0.1"})
  void anAuthority(String authority) throws Exception {
    Object request = guest.call(Guest.HTTP, "[constructor]outgoing-request", fields());
    guest.ok(
        Guest.HTTP,
        "[method]outgoing-request.set-authority",
        request,
        java.util.Optional.of(authority));
    assertThat(guest.call(Guest.HTTP, "[method]outgoing-request.authority", request))
        .isEqualTo(java.util.Optional.of(authority));
  }

  private Object fields() throws InterruptedException {
    return Objects.requireNonNull(guest.call(Guest.HTTP, "[constructor]fields"));
  }

  private List<String> values(Object fields, String name) throws InterruptedException {
    return list(guest.call(Guest.HTTP, "[method]fields.get", fields, name)).stream()
        .map(value -> new String((byte[]) value, UTF_8))
        .toList();
  }

  private List<String> entries(Object fields) throws InterruptedException {
    return list(guest.call(Guest.HTTP, "[method]fields.entries", fields)).stream()
        .map(Object[].class::cast)
        .map(entry -> entry[0] + "=" + new String((byte[]) entry[1], UTF_8))
        .toList();
  }

  private static List<?> list(@Nullable Object list) {
    return (List<?>) Objects.requireNonNull(list);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
