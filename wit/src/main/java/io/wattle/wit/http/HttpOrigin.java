package io.wattle.wit.http;

import java.util.Locale;
import java.util.Optional;

/**
 * Where a request is sent (RFC 6454).
 *
 * @param secure whether TLS is spoken
 * @param host a name, or an address; IPv6 without its brackets
 * @param port 80 or 443 unless the request says another
 */
public record HttpOrigin(boolean secure, String host, int port) {
  /** What a request without scheme has, as in wasmCloud and Wasmtime. */
  public static final String DEFAULT_SCHEME = "HTTPS";

  private static final int PORTS = 65_536;

  /**
   * That of a request.
   *
   * @throws HttpErrorException with {@code HTTP-request-URI-invalid} when it names no host, or a
   *     user; with {@code HTTP-protocol-error} when its scheme is neither http nor https
   */
  public static HttpOrigin of(HttpRequest request) throws HttpErrorException {
    boolean secure =
        switch (request.scheme().orElse(DEFAULT_SCHEME).toUpperCase(Locale.ROOT)) {
          case "HTTPS" -> true;
          case "HTTP" -> false;
          default -> throw new HttpErrorException(HttpError.of(HttpError.Code.HTTP_PROTOCOL_ERROR));
        };
    String authority = request.authority().orElse("");
    int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
    String host = end < 0 ? authority : authority.substring(0, end);
    String rest = authority.substring(host.length());
    Optional<Integer> port =
        rest.isEmpty() ? Optional.of(secure ? 443 : 80) : port(rest.substring(1));
    boolean bracketed = host.startsWith("[");
    String bare = bracketed && end > 1 ? host.substring(1, host.length() - 1) : host;
    if (bare.isEmpty()
        || authority.indexOf('@') >= 0
        || (bracketed && end == 0)
        || (!rest.isEmpty() && rest.charAt(0) != ':')
        || port.isEmpty()) {
      throw new HttpErrorException(HttpError.of(HttpError.Code.HTTP_REQUEST_URI_INVALID));
    }
    return new HttpOrigin(secure, bare, port.get());
  }

  private static Optional<Integer> port(String digits) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 5
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return number
        ? Optional.of(Integer.parseInt(digits)).filter(port -> port > 0 && port < PORTS)
        : Optional.empty();
  }

  /** As an authority: with brackets where the host needs them, always with the port. */
  public String authority() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority();
  }
}
