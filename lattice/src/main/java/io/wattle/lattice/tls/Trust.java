package io.wattle.lattice.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A client's trust, and what it found wrong with the servers it met: the NATS client does not tell
 * why a connection failed.
 */
public final class Trust {
  private final @Nullable SSLContext context;
  private volatile @Nullable String objection;

  private Trust(Tls tls) throws GeneralSecurityException, IOException {
    this.context =
        switch (tls) {
          case Tls.ByUrl byUrl -> null;
          case Tls.CaFile(java.nio.file.Path pem) -> context(noting(anchored(read(pem))));
          case Tls.PinnedCa(Fingerprint ca) -> context(noting(new PinnedTrust(ca)));
        };
  }

  /**
   * For one connection.
   *
   * @throws IllegalArgumentException when a file of certificates cannot be read
   */
  public static Trust of(Tls tls) {
    try {
      return new Trust(tls);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(tls + ": cannot be read (expected: PEM): " + e, e);
    }
  }

  /** For the client library; empty when the URL alone decides. */
  public Optional<SSLContext> context() {
    return Optional.ofNullable(context);
  }

  /** What was wrong with the last server that was refused. */
  public Optional<String> objection() {
    return Optional.ofNullable(objection);
  }

  private X509TrustManager noting(X509TrustManager judge) {
    return new X509TrustManager() {
      @Override
      public void checkClientTrusted(X509Certificate[] chain, String authType)
          throws CertificateException {
        judge.checkClientTrusted(chain, authType);
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String authType)
          throws CertificateException {
        try {
          judge.checkServerTrusted(chain, authType);
        } catch (CertificateException e) {
          objection = String.valueOf(e.getMessage());
          throw e;
        }
      }

      @Override
      public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
      }
    };
  }

  private static SSLContext context(X509TrustManager judge) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {judge}, new SecureRandom());
    return context;
  }

  private static Collection<? extends Certificate> read(java.nio.file.Path pem)
      throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  /** The JVM's usual judgement, with these certificates as its only roots. */
  static X509TrustManager anchored(Collection<? extends Certificate> roots)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate root : List.copyOf(roots)) {
      store.setCertificateEntry("root-" + number++, root);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager judge) {
        return judge;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }
}
