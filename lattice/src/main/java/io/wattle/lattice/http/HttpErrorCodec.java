package io.wattle.lattice.http;

import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.http.HttpError;
import java.util.Optional;

/** The variant {@code error-code}. */
final class HttpErrorCodec {
  private HttpErrorCodec() {}

  @SuppressWarnings("EnumOrdinal") // the ordinal is the case number, says HttpError
  static void write(ValueEncoder encoder, HttpError error) {
    encoder.variant(error.code().ordinal());
    switch (error.detail()) {
      case HttpError.None none -> {}
      case HttpError.Dns(Optional<String> rcode, Optional<Integer> infoCode) -> {
        writeText(encoder, rcode);
        encoder.option(infoCode.isPresent());
        infoCode.ifPresent(encoder::u16);
      }
      case HttpError.TlsAlert(Optional<Integer> id, Optional<String> message) -> {
        encoder.option(id.isPresent());
        id.ifPresent(encoder::u8);
        writeText(encoder, message);
      }
      case HttpError.BodySize(Optional<Long> bytes) -> {
        encoder.option(bytes.isPresent());
        bytes.ifPresent(encoder::u64);
      }
      case HttpError.SectionSize(Optional<Integer> bytes) -> writeSize(encoder, bytes);
      case HttpError.FieldSize field -> writeField(encoder, field);
      case HttpError.MaybeFieldSize(Optional<HttpError.FieldSize> field) -> {
        encoder.option(field.isPresent());
        field.ifPresent(there -> writeField(encoder, there));
      }
      case HttpError.Text(Optional<String> text) -> writeText(encoder, text);
    }
  }

  static HttpError read(ValueDecoder decoder) {
    HttpError.Code[] codes = HttpError.Code.values();
    HttpError.Code code = codes[decoder.variant(codes.length)];
    return new HttpError(code, readDetail(decoder, code.detail()));
  }

  private static HttpError.Detail readDetail(
      ValueDecoder decoder, Class<? extends HttpError.Detail> kind) {
    if (kind == HttpError.None.class) {
      return HttpError.None.NONE;
    } else if (kind == HttpError.Dns.class) {
      return new HttpError.Dns(
          readText(decoder), decoder.option() ? Optional.of(decoder.u16()) : Optional.empty());
    } else if (kind == HttpError.TlsAlert.class) {
      return new HttpError.TlsAlert(
          decoder.option() ? Optional.of(decoder.u8()) : Optional.empty(), readText(decoder));
    } else if (kind == HttpError.BodySize.class) {
      return new HttpError.BodySize(
          decoder.option() ? Optional.of(decoder.u64()) : Optional.empty());
    } else if (kind == HttpError.SectionSize.class) {
      return new HttpError.SectionSize(readSize(decoder));
    } else if (kind == HttpError.FieldSize.class) {
      return readField(decoder);
    } else if (kind == HttpError.MaybeFieldSize.class) {
      return new HttpError.MaybeFieldSize(
          decoder.option() ? Optional.of(readField(decoder)) : Optional.empty());
    } else if (kind == HttpError.Text.class) {
      return new HttpError.Text(readText(decoder));
    }
    throw new IllegalStateException("no such detail: " + kind);
  }

  private static void writeField(ValueEncoder encoder, HttpError.FieldSize field) {
    writeText(encoder, field.name());
    writeSize(encoder, field.bytes());
  }

  private static HttpError.FieldSize readField(ValueDecoder decoder) {
    return new HttpError.FieldSize(readText(decoder), readSize(decoder));
  }

  private static void writeText(ValueEncoder encoder, Optional<String> text) {
    encoder.option(text.isPresent());
    text.ifPresent(encoder::string);
  }

  private static Optional<String> readText(ValueDecoder decoder) {
    return decoder.option() ? Optional.of(decoder.string()) : Optional.empty();
  }

  private static void writeSize(ValueEncoder encoder, Optional<Integer> size) {
    encoder.option(size.isPresent());
    size.ifPresent(encoder::u32);
  }

  private static Optional<Integer> readSize(ValueDecoder decoder) {
    return decoder.option() ? Optional.of(decoder.u32()) : Optional.empty();
  }
}
