package io.wattle.lattice.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * An authority that vouches for our own servers and nothing else. It lives in a directory: {@code
 * ca.pem} and {@code ca.key}; as long as that is kept, clients that know its fingerprint trust the
 * servers, whatever addresses they get.
 */
public final class CertificateAuthority {
  private static final Duration VALID = Duration.ofDays(10 * 365);

  /** Clocks of machines differ. */
  private static final Duration BEFORE = Duration.ofDays(1);

  private final X509Certificate certificate;
  private final PrivateKey key;

  private CertificateAuthority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /**
   * The authority in {@code directory}; made, valid for ten years, when there is none or its time
   * is over.
   *
   * @throws IOException when a file cannot be read or written; the message names it
   */
  public static CertificateAuthority open(Path directory, Instant now) throws IOException {
    Path certificateFile = directory.resolve("ca.pem");
    Path keyFile = directory.resolve("ca.key");
    if (Files.exists(certificateFile) && Files.exists(keyFile)) {
      X509Certificate certificate = PemFiles.readCertificate(certificateFile);
      if (certificate.getNotAfter().toInstant().isAfter(now)) {
        return new CertificateAuthority(certificate, PemFiles.readKey(keyFile));
      }
    }
    try {
      KeyPair pair = newKeys();
      X509Certificate certificate =
          Certificates.authority(pair, now.minus(BEFORE), now.plus(VALID));
      PemFiles.writeKey(keyFile, pair);
      PemFiles.writeCertificates(certificateFile, certificate);
      return new CertificateAuthority(certificate, pair.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("a certificate authority in " + directory + ": " + e, e);
    }
  }

  /** What clients know it by. */
  public Fingerprint fingerprint() {
    return Fingerprint.of(certificate);
  }

  /** When all its certificates end. */
  public Instant validUntil() {
    return certificate.getNotAfter().toInstant();
  }

  /**
   * Issues a server's certificate, with a new key, to {@code server.pem} and {@code server.key} in
   * {@code directory}; valid as long as the authority. Also {@code ca.pem}, for clients of other
   * makes.
   *
   * @param names addresses and host names of the server
   */
  public ServerCertificate issue(Path directory, List<String> names, Instant now)
      throws IOException {
    try {
      KeyPair pair = newKeys();
      X509Certificate issued =
          Certificates.server(
              certificate, key, pair.getPublic(), names, now.minus(BEFORE), validUntil());
      ServerCertificate files =
          new ServerCertificate(directory.resolve("server.pem"), directory.resolve("server.key"));
      PemFiles.writeKey(files.key(), pair);
      PemFiles.writeCertificates(files.chain(), issued, certificate);
      PemFiles.writeCertificates(directory.resolve("ca.pem"), certificate);
      return files;
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("a server certificate for " + names + ": " + e, e);
    }
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
