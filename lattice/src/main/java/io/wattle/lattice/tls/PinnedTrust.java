package io.wattle.lattice.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts servers whose certificate was issued by the authority with one fingerprint, which the
 * server sends along. The authority issues to our servers only, so that the name in the certificate
 * need not be the one we dialled: a machine may be reached under names that it does not know of.
 */
final class PinnedTrust implements X509TrustManager {
  private final Fingerprint pinned;

  PinnedTrust(Fingerprint pinned) {
    this.pinned = pinned;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    X509Certificate root = chain[chain.length - 1];
    Fingerprint shown = Fingerprint.of(root);
    if (!shown.equals(pinned)) {
      throw new TrustException(
          "its certificate is of the authority "
              + shortened(shown)
              + " (expected: "
              + shortened(pinned)
              + ")");
    }
    try {
      Trust.anchored(List.of(root)).checkServerTrusted(chain, authType);
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException | IOException e) {
      throw new CertificateException(e);
    }
  }

  private static String shortened(Fingerprint fingerprint) {
    return fingerprint.sha256().substring(0, 16);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("clients are not judged here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
