package io.wattle.wit.http;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The variant {@code error-code} of {@code wasi:http/types@0.2}: its case and the payload that case
 * has.
 *
 * @param code the case; its ordinal is the case number on the wire
 * @param detail fits {@link Code#detail()}
 */
public record HttpError(Code code, Detail detail) {
  public HttpError {
    if (!code.detail.isInstance(detail)) {
      throw new IllegalArgumentException(
          "detail of "
              + code.wit()
              + ": "
              + detail
              + " (expected: "
              + code.detail.getSimpleName()
              + ")");
    }
  }

  /** {@code internal-error} with a text. */
  public static HttpError internal(String text) {
    return new HttpError(Code.INTERNAL_ERROR, new Text(Optional.of(text)));
  }

  /** An error of a case without payload. */
  public static HttpError of(Code code) {
    return new HttpError(code, None.NONE);
  }

  /** The case and what it carries, in words: {@code internal-error: no such user}. */
  public String text() {
    List<String> words =
        switch (detail) {
          case None none -> List.of();
          case Dns(var rcode, var info) -> words(rcode, info.map(code -> "code " + code));
          case TlsAlert(var id, var message) -> words(id.map(number -> "alert " + number), message);
          case BodySize(var bytes) -> words(bytes.map(n -> Long.toUnsignedString(n) + " bytes"));
          case SectionSize(var bytes) -> words(bytes.map(HttpError::bytes));
          case FieldSize(var name, var bytes) -> words(name, bytes.map(HttpError::bytes));
          case MaybeFieldSize(var field) ->
              field.map(f -> words(f.name(), f.bytes().map(HttpError::bytes))).orElse(List.of());
          case Text(var text) -> words(text);
        };
    return code.wit() + (words.isEmpty() ? "" : ": " + String.join(", ", words));
  }

  private static String bytes(int unsigned) {
    return Integer.toUnsignedString(unsigned) + " bytes";
  }

  private static List<String> words(Optional<String> first) {
    return first.stream().toList();
  }

  private static List<String> words(Optional<String> first, Optional<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** What a case carries. */
  public sealed interface Detail {}

  /** Nothing. */
  public enum None implements Detail {
    NONE
  }

  /** DNS: response code and info code. */
  public record Dns(Optional<String> rcode, Optional<Integer> infoCode) implements Detail {}

  /** TLS alert. */
  public record TlsAlert(Optional<Integer> id, Optional<String> message) implements Detail {}

  /** A size of up to 64 bits, in bytes. */
  public record BodySize(Optional<Long> bytes) implements Detail {}

  /** A size of up to 32 bits, in bytes. */
  public record SectionSize(Optional<Integer> bytes) implements Detail {}

  /** A field and its size in bytes. */
  public record FieldSize(Optional<String> name, Optional<Integer> bytes) implements Detail {}

  /** Perhaps a field and its size. */
  public record MaybeFieldSize(Optional<FieldSize> field) implements Detail {}

  /** A text. */
  public record Text(Optional<String> text) implements Detail {}

  /** The cases in the specification's order. */
  public enum Code {
    DNS_TIMEOUT(None.class),
    DNS_ERROR(Dns.class),
    DESTINATION_NOT_FOUND(None.class),
    DESTINATION_UNAVAILABLE(None.class),
    DESTINATION_IP_PROHIBITED(None.class),
    DESTINATION_IP_UNROUTABLE(None.class),
    CONNECTION_REFUSED(None.class),
    CONNECTION_TERMINATED(None.class),
    CONNECTION_TIMEOUT(None.class),
    CONNECTION_READ_TIMEOUT(None.class),
    CONNECTION_WRITE_TIMEOUT(None.class),
    CONNECTION_LIMIT_REACHED(None.class),
    TLS_PROTOCOL_ERROR(None.class),
    TLS_CERTIFICATE_ERROR(None.class),
    TLS_ALERT_RECEIVED(TlsAlert.class),
    HTTP_REQUEST_DENIED(None.class),
    HTTP_REQUEST_LENGTH_REQUIRED(None.class),
    HTTP_REQUEST_BODY_SIZE(BodySize.class),
    HTTP_REQUEST_METHOD_INVALID(None.class),
    HTTP_REQUEST_URI_INVALID(None.class),
    HTTP_REQUEST_URI_TOO_LONG(None.class),
    HTTP_REQUEST_HEADER_SECTION_SIZE(SectionSize.class),
    HTTP_REQUEST_HEADER_SIZE(MaybeFieldSize.class),
    HTTP_REQUEST_TRAILER_SECTION_SIZE(SectionSize.class),
    HTTP_REQUEST_TRAILER_SIZE(FieldSize.class),
    HTTP_RESPONSE_INCOMPLETE(None.class),
    HTTP_RESPONSE_HEADER_SECTION_SIZE(SectionSize.class),
    HTTP_RESPONSE_HEADER_SIZE(FieldSize.class),
    HTTP_RESPONSE_BODY_SIZE(BodySize.class),
    HTTP_RESPONSE_TRAILER_SECTION_SIZE(SectionSize.class),
    HTTP_RESPONSE_TRAILER_SIZE(FieldSize.class),
    HTTP_RESPONSE_TRANSFER_CODING(Text.class),
    HTTP_RESPONSE_CONTENT_CODING(Text.class),
    HTTP_RESPONSE_TIMEOUT(None.class),
    HTTP_UPGRADE_FAILED(None.class),
    HTTP_PROTOCOL_ERROR(None.class),
    LOOP_DETECTED(None.class),
    CONFIGURATION_ERROR(None.class),
    INTERNAL_ERROR(Text.class);

    private final Class<? extends Detail> detail;

    Code(Class<? extends Detail> detail) {
      this.detail = detail;
    }

    /** The kind of payload this case has. */
    public Class<? extends Detail> detail() {
      return detail;
    }

    /** The name in WIT, like {@code DNS-timeout}. */
    public String wit() {
      StringBuilder wit = new StringBuilder();
      for (String word : name().split("_")) {
        boolean acronym = java.util.Set.of("DNS", "IP", "TLS", "HTTP", "URI").contains(word);
        wit.append(wit.isEmpty() ? "" : "-")
            .append(acronym ? word : word.toLowerCase(java.util.Locale.ROOT));
      }
      return wit.toString();
    }
  }
}
