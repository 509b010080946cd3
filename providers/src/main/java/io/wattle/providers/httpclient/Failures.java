package io.wattle.providers.httpclient;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import io.wattle.wit.http.HttpError;
import io.wattle.wit.http.HttpError.Code;
import io.wattle.wit.http.HttpErrorException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong on the way, in the words of {@code error-code}. */
final class Failures {
  private static final int DEEPEST = 16;

  private Failures() {}

  /** How far the exchange was. */
  enum Stage {
    /** No connection yet. */
    CONNECTING(Code.CONNECTION_TERMINATED),
    /** No answer yet. */
    WAITING(Code.CONNECTION_TERMINATED),
    /** In the middle of the answer's body. */
    READING(Code.HTTP_RESPONSE_INCOMPLETE);

    private final Code closed;

    Stage(Code closed) {
      this.closed = closed;
    }
  }

  static HttpError of(Throwable failure, Stage stage) {
    List<Throwable> chain = new ArrayList<>();
    for (@Nullable Throwable t = failure; t != null && chain.size() < DEEPEST; t = t.getCause()) {
      chain.add(t);
    }
    return first(chain, Failures::known)
        .or(() -> first(chain, Failures::name))
        .or(() -> first(chain, Failures::tls))
        .or(() -> first(chain, t -> network(t, stage)))
        .orElseGet(() -> HttpError.internal(String.valueOf(failure.getMessage())));
  }

  private static Optional<HttpError> first(
      List<Throwable> chain, Function<Throwable, @Nullable HttpError> meaning) {
    for (Throwable t : chain) {
      HttpError error = meaning.apply(t);
      if (error != null) {
        return Optional.of(error);
      }
    }
    return Optional.empty();
  }

  private static @Nullable HttpError known(Throwable t) {
    return switch (t) {
      case HttpErrorException e -> e.error();
      case ConnectionPoolTooBusyException e -> HttpError.of(Code.CONNECTION_LIMIT_REACHED);
      default -> null;
    };
  }

  /** The cause of an unknown host, which is deeper, says more than it does. */
  private static @Nullable HttpError name(Throwable t) {
    return switch (t) {
      case UnknownHostException e when hasDnsCause(e) -> null;
      case DnsNameResolverTimeoutException e -> HttpError.of(Code.DNS_TIMEOUT);
      case DnsErrorCauseException e -> dns(e.getCode().toString());
      case UnknownHostException e -> dns("NXDOMAIN");
      default -> null;
    };
  }

  private static boolean hasDnsCause(Throwable t) {
    for (@Nullable Throwable c = t.getCause(); c != null; c = c.getCause()) {
      if (c instanceof DnsNameResolverTimeoutException || c instanceof DnsErrorCauseException) {
        return true;
      }
    }
    return false;
  }

  /** The name of a response code without its number: {@code NXDomain(3)}. */
  private static HttpError dns(String code) {
    String name = code.replaceAll("\\(.*", "").toUpperCase(Locale.ROOT);
    return new HttpError(Code.DNS_ERROR, new HttpError.Dns(Optional.of(name), Optional.empty()));
  }

  private static @Nullable HttpError tls(Throwable t) {
    return switch (t) {
      case CertificateException e -> HttpError.of(Code.TLS_CERTIFICATE_ERROR);
      case CertPathValidatorException e -> HttpError.of(Code.TLS_CERTIFICATE_ERROR);
      case NotSslRecordException e -> HttpError.of(Code.TLS_PROTOCOL_ERROR);
      case SSLException e when hasCertificateCause(e) -> HttpError.of(Code.TLS_CERTIFICATE_ERROR);
      case SSLException e when alert(e).isPresent() ->
          new HttpError(
              Code.TLS_ALERT_RECEIVED, new HttpError.TlsAlert(Optional.empty(), alert(e)));
      case SSLException e -> HttpError.of(Code.TLS_PROTOCOL_ERROR);
      default -> null;
    };
  }

  private static boolean hasCertificateCause(Throwable t) {
    for (@Nullable Throwable c = t.getCause(); c != null; c = c.getCause()) {
      if (c instanceof CertificateException || c instanceof CertPathValidatorException) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> alert(SSLException e) {
    String text = String.valueOf(e.getMessage());
    int alert = text.indexOf("fatal alert: ");
    return alert < 0
        ? Optional.empty()
        : Optional.of(text.substring(alert + "fatal alert: ".length()).strip());
  }

  private static @Nullable HttpError network(Throwable t, Stage stage) {
    String text = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
    return switch (t) {
      case ConnectTimeoutException e -> HttpError.of(Code.CONNECTION_TIMEOUT);
      case TimeoutException e -> HttpError.of(Code.CONNECTION_TIMEOUT);
      case NoRouteToHostException e -> HttpError.of(Code.DESTINATION_IP_UNROUTABLE);
      case IOException e when text.contains("unreachable") ->
          HttpError.of(Code.DESTINATION_IP_UNROUTABLE);
      case IOException e when text.contains("permission denied") ->
          HttpError.of(Code.DESTINATION_IP_PROHIBITED);
      case ConnectException e -> HttpError.of(Code.CONNECTION_REFUSED);
      case TooLongFrameException e ->
          new HttpError(
              Code.HTTP_RESPONSE_HEADER_SECTION_SIZE, new HttpError.SectionSize(Optional.empty()));
      case DecoderException e -> HttpError.of(Code.HTTP_PROTOCOL_ERROR);
      case HttpClosedException e -> HttpError.of(stage.closed);
      case StreamResetException e -> HttpError.of(stage.closed);
      case IOException e -> HttpError.of(stage.closed);
      case IllegalArgumentException e when stage != Stage.CONNECTING ->
          HttpError.of(Code.HTTP_PROTOCOL_ERROR); // how Netty says that this is not HTTP
      default -> null;
    };
  }
}
