package io.wattle.providers.httpclient;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Whom this machine trusts: the file that {@code SSL_CERT_FILE} names, as for curl and OpenSSL;
 * Java's own where somebody has told Java whom to trust; else the system's bundle, where there is
 * one.
 */
final class SystemTrust {
  private static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"), // Debian, Alpine, Arch
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"), // Fedora, Red Hat
          Path.of("/etc/ssl/ca-bundle.pem"), // SUSE
          Path.of("/etc/ssl/cert.pem")); // BSD, macOS

  private SystemTrust() {}

  /** A PEM file; empty where Java's own trust is meant. */
  static Optional<Path> file() {
    return file(System.getenv(), System.getProperties(), BUNDLES);
  }

  static Optional<Path> file(
      Map<String, String> environment, Properties properties, List<Path> bundles) {
    String named = environment.getOrDefault("SSL_CERT_FILE", "");
    if (!named.isBlank()) {
      return Optional.of(Path.of(named));
    }
    return properties.containsKey("javax.net.ssl.trustStore")
        ? Optional.empty()
        : bundles.stream().filter(Files::isReadable).findFirst();
  }
}
