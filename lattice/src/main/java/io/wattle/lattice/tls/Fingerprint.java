package io.wattle.lattice.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * SHA-256 of a certificate.
 *
 * @param sha256 64 hexadecimal digits, lower case
 */
public record Fingerprint(String sha256) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  public Fingerprint {
    if (!FORM.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "fingerprint: \"" + sha256 + "\" (expected: 64 hexadecimal digits)");
    }
  }

  /** That of a certificate. */
  public static Fingerprint of(X509Certificate certificate) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return of(digest.digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** One of 32 bytes. */
  public static Fingerprint of(byte[] bytes) {
    return new Fingerprint(HexFormat.of().formatHex(bytes));
  }

  /** As 32 bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(sha256);
  }
}
