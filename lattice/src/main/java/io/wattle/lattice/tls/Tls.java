package io.wattle.lattice.tls;

import java.nio.file.Path;

/** Whom a connection to NATS trusts. */
public sealed interface Tls {

  /** As the URL says: {@code tls://} asks for TLS and trusts what the JVM trusts. */
  enum ByUrl implements Tls {
    BY_URL
  }

  /**
   * TLS, to servers whose certificates were issued by an authority in this file.
   *
   * @param pem certificates in PEM
   */
  record CaFile(Path pem) implements Tls {}

  /** TLS, to servers whose certificates were issued by the one authority with this fingerprint. */
  record PinnedCa(Fingerprint ca) implements Tls {}
}
