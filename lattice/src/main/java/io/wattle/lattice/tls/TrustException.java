package io.wattle.lattice.tls;

import java.security.cert.CertificateException;

/** The server is not one of those we trust. The message is for people. */
final class TrustException extends CertificateException {
  private static final long serialVersionUID = 1L;

  TrustException(String message) {
    super(message);
  }
}
