package io.wattle.lattice.nats;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/** The project's own release, checked against the digests it publishes with its images. */
final class UpstreamRelease implements BinarySource {
  private static final Duration NO_ANSWER = Duration.ofSeconds(10);
  private static final Duration DOWNLOAD = Duration.ofMinutes(3);
  private static final String BASE = "https://github.com/nats-io/nats-server/releases/download/";
  private static final Map<String, String> SHA256 =
      Map.of(
          "amd64", "5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355",
          "arm64", "673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c");

  @Override
  public String describe() {
    return "release v" + BinaryFinder.WANTED + " of nats-io/nats-server";
  }

  @Override
  public String key() {
    return BinaryFinder.WANTED + "-release";
  }

  @Override
  public Path fetch(Path work) throws IOException, InterruptedException {
    String arch = arch();
    String digest = SHA256.get(arch);
    if (digest == null || !os().contains("linux")) {
      throw new IOException("no digest known for " + os() + " " + arch);
    }
    String name = "nats-server-v" + BinaryFinder.WANTED + "-linux-" + arch;
    Path archive = work.resolve(name + ".tar.gz");
    download(URI.create(BASE + "v" + BinaryFinder.WANTED + "/" + name + ".tar.gz"), archive);
    check(archive, digest);
    Command.run(
        Duration.ofMinutes(1), null, "tar", "-xzf", archive.toString(), "-C", work.toString());
    return work.resolve(name).resolve("nats-server");
  }

  private static void download(URI from, Path to) throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(NO_ANSWER)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      HttpResponse<Path> response =
          client
              .sendAsync(
                  HttpRequest.newBuilder(from).timeout(NO_ANSWER).build(),
                  HttpResponse.BodyHandlers.ofFile(to))
              .get(DOWNLOAD.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("HTTP " + response.statusCode() + " (expected: 200)");
      }
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IOException("not reached: " + reason(e.getCause()), e);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IOException("not complete within " + DOWNLOAD.toMinutes() + " min", e);
    }
  }

  private static String reason(@org.jspecify.annotations.Nullable Throwable cause) {
    return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
  }

  private static void check(Path file, String expected) throws IOException {
    String got;
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      got = HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    if (!got.equals(expected)) {
      throw new IOException("sha256: " + got + " (expected: " + expected + ")");
    }
  }

  private static String os() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT);
  }

  private static String arch() {
    return switch (System.getProperty("os.arch")) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      case String other -> other;
    };
  }
}
