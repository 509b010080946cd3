package io.wattle.lattice.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/** Certificates and keys in files that nats-server reads too. */
final class PemFiles {
  private PemFiles() {}

  static void writeCertificates(Path file, X509Certificate... chain) throws IOException {
    writeAtOnce(file, "rw-r--r--", pem((Object[]) chain));
  }

  /** PKCS #8, readable by its owner only, from the first moment on. */
  static void writeKey(Path file, KeyPair pair) throws IOException {
    writeAtOnce(
        file, "rw-------", pem(new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded())));
  }

  static X509Certificate readCertificate(Path file) throws IOException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(read(file, X509CertificateHolder.class));
    } catch (CertificateException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  static PrivateKey readKey(Path file) throws IOException {
    return new JcaPEMKeyConverter().getPrivateKey(read(file, PrivateKeyInfo.class));
  }

  private static <T> T read(Path file, Class<T> type) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file)))) {
      Object found = parser.readObject();
      if (!type.isInstance(found)) {
        throw new IOException(file + ": no " + type.getSimpleName() + " (expected: PEM)");
      }
      return type.cast(found);
    }
  }

  private static String pem(Object... objects) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (Object object : objects) {
        writer.writeObject(object);
      }
    }
    return text.toString();
  }

  private static void writeAtOnce(Path file, String permissions, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.deleteIfExists(part);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    }
    Files.writeString(part, text);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
