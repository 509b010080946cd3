package io.wattle.runtime.wasi.http;

import io.wattle.runtime.host.Variant;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpErrorException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code error-code} between Java and the plain objects of a host call. {@link HttpError.Code} has
 * the cases in their order, so that the ordinal is the case number.
 */
@SuppressWarnings("EnumOrdinal")
final class HttpErrors {
  private HttpErrors() {}

  static Variant toWit(HttpError error) {
    return new Variant(error.code().ordinal(), payload(error.detail()));
  }

  private static @Nullable Object payload(HttpError.Detail detail) {
    return switch (detail) {
      case HttpError.None none -> null;
      case HttpError.Dns dns -> new Object[] {dns.rcode(), dns.infoCode()};
      case HttpError.TlsAlert alert -> new Object[] {alert.id(), alert.message()};
      case HttpError.BodySize size -> size.bytes();
      case HttpError.SectionSize size -> size.bytes().map(Integer::toUnsignedLong);
      case HttpError.FieldSize field -> fieldSize(field);
      case HttpError.MaybeFieldSize field -> field.field().map(HttpErrors::fieldSize);
      case HttpError.Text text -> text.text();
    };
  }

  private static Object[] fieldSize(HttpError.FieldSize field) {
    return new Object[] {field.name(), field.bytes().map(Integer::toUnsignedLong)};
  }

  static HttpError fromWit(Variant variant) {
    HttpError.Code code = HttpError.Code.values()[variant.index()];
    return new HttpError(code, detail(code.detail(), variant.payload()));
  }

  private static HttpError.Detail detail(
      Class<? extends HttpError.Detail> type, @Nullable Object payload) {
    if (payload == null) {
      return HttpError.None.NONE;
    }
    if (type == HttpError.Dns.class) {
      Object[] fields = (Object[]) payload;
      return new HttpError.Dns(option(fields[0], String.class), option(fields[1], Integer.class));
    }
    if (type == HttpError.TlsAlert.class) {
      Object[] fields = (Object[]) payload;
      return new HttpError.TlsAlert(
          option(fields[0], Integer.class), option(fields[1], String.class));
    }
    if (type == HttpError.BodySize.class) {
      return new HttpError.BodySize(option(payload, Long.class));
    }
    if (type == HttpError.SectionSize.class) {
      return new HttpError.SectionSize(option(payload, Long.class).map(Long::intValue));
    }
    if (type == HttpError.FieldSize.class) {
      return fieldSize((Object[]) payload);
    }
    if (type == HttpError.MaybeFieldSize.class) {
      return new HttpError.MaybeFieldSize(
          option(payload, Object[].class).map(HttpErrors::fieldSize));
    }
    return new HttpError.Text(option(payload, String.class));
  }

  private static HttpError.FieldSize fieldSize(Object[] fields) {
    return new HttpError.FieldSize(
        option(fields[0], String.class), option(fields[1], Long.class).map(Long::intValue));
  }

  private static <T> Optional<T> option(Object value, Class<T> type) {
    return ((Optional<?>) value).map(type::cast);
  }

  /** What a guest is told of a failed exchange. */
  static HttpError of(Throwable failure) {
    return switch (failure) {
      case HttpErrorException e -> e.error();
      case CompletionException e when e.getCause() != null -> of(e.getCause());
      case TimeoutException e -> HttpError.of(HttpError.Code.HTTP_RESPONSE_TIMEOUT);
      default -> HttpError.internal(String.valueOf(failure.getMessage()));
    };
  }
}
