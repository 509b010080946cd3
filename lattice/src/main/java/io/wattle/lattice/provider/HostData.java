package io.wattle.lattice.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.InterfaceLinkDefinition;
import io.wattle.lattice.tls.Fingerprint;
import io.wattle.lattice.tls.Tls;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a host writes to the standard input of a provider's process, as one line of base64 (section
 * 7.2). Without xkeys: links are told by the provider's id, and secrets are not told.
 *
 * @param hostId the host that starts it
 * @param latticeRpcPrefix the lattice
 * @param linkName always {@code default}
 * @param latticeRpcUserJwt empty for none
 * @param latticeRpcUserSeed empty for none
 * @param latticeRpcUrl NATS, with user and password where these are needed
 * @param providerKey the provider's id
 * @param envValues always empty, and always there
 * @param instanceId anew for each launch
 * @param linkDefinitions the links at that moment
 * @param config its own configuration
 * @param defaultRpcTimeoutMs how long a call may take when nothing else says so
 * @param wattleTlsCaFile our own: the certificates of the authorities that NATS is trusted by, null
 *     when the URL says all
 * @param wattleTlsCaSha256 our own: fingerprint of the one authority that NATS is trusted by, or
 *     null
 */
public record HostData(
    String hostId,
    String latticeRpcPrefix,
    String linkName,
    String latticeRpcUserJwt,
    String latticeRpcUserSeed,
    String latticeRpcUrl,
    String providerKey,
    Map<String, String> envValues,
    String instanceId,
    List<InterfaceLinkDefinition> linkDefinitions,
    List<String> clusterIssuers,
    Map<String, String> config,
    Map<String, JsonNode> secrets,
    String hostXkeyPublicKey,
    String providerXkeyPrivateKey,
    @Nullable Long defaultRpcTimeoutMs,
    boolean structuredLogging,
    @Nullable JsonNode otelConfig,
    @Nullable String wattleTlsCaFile,
    @Nullable String wattleTlsCaSha256) {
  public HostData {
    if (envValues == null || linkDefinitions == null) {
      throw new IllegalArgumentException("env_values, link_definitions: missing (expected: both)");
    }
    hostId = text(hostId);
    latticeRpcPrefix = text(latticeRpcPrefix);
    linkName = text(linkName);
    latticeRpcUserJwt = text(latticeRpcUserJwt);
    latticeRpcUserSeed = text(latticeRpcUserSeed);
    latticeRpcUrl = text(latticeRpcUrl);
    providerKey = text(providerKey);
    envValues = Map.copyOf(envValues);
    instanceId = text(instanceId);
    linkDefinitions = List.copyOf(linkDefinitions);
    clusterIssuers = clusterIssuers == null ? List.of() : List.copyOf(clusterIssuers);
    config = config == null ? Map.of() : Map.copyOf(config);
    secrets = secrets == null ? Map.of() : Map.copyOf(secrets);
    hostXkeyPublicKey = text(hostXkeyPublicKey);
    providerXkeyPrivateKey = text(providerXkeyPrivateKey);
  }

  /** For a provider that a host starts now. */
  public static HostData of(
      String hostId,
      LatticeOptions lattice,
      String provider,
      List<InterfaceLinkDefinition> links,
      Map<String, String> config) {
    Credentials.JwtSeed signed =
        switch (lattice.credentials()) {
          case Credentials.JwtSeed jwt -> jwt;
          case Credentials.CredsFile(Path file) -> CredsText.read(file);
          case Credentials.UserPassword user -> new Credentials.JwtSeed("", "");
          case Credentials.Token token -> new Credentials.JwtSeed("", "");
          case Credentials.None none -> new Credentials.JwtSeed("", "");
        };
    return new HostData(
        hostId,
        lattice.lattice(),
        "default",
        signed.jwt(),
        signed.seed(),
        url(lattice),
        provider,
        Map.of(),
        UUID.randomUUID().toString(),
        links,
        List.of(),
        config,
        Map.of(),
        "",
        "",
        lattice.requestTimeout().toMillis(),
        false,
        JsonNodeFactory.instance.objectNode().put("enable_observability", false),
        lattice.tls() instanceof Tls.CaFile(Path pem) ? pem.toAbsolutePath().toString() : null,
        lattice.tls() instanceof Tls.PinnedCa(Fingerprint ca) ? ca.sha256() : null);
  }

  /** As it is written to the process, without the line's end. */
  public String toLine() {
    return Base64.getEncoder().encodeToString(Json.write(this));
  }

  /**
   * Reads such a line.
   *
   * @throws LatticeException of kind MALFORMED when it is none
   */
  public static HostData ofLine(String line) {
    byte[] json;
    try {
      json = Base64.getDecoder().decode(line.strip());
    } catch (IllegalArgumentException e) {
      throw new LatticeException(
          LatticeException.Kind.MALFORMED,
          "host data: not base64 (expected: the line that a host writes to a provider it starts)",
          e);
    }
    return Json.read(json, HostData.class, "host data");
  }

  /** How the process connects. */
  public LatticeOptions connection() {
    String url = latticeRpcUrl.isEmpty() ? LatticeOptions.DEFAULT_URL : latticeRpcUrl;
    LatticeOptions options =
        LatticeOptions.of(url, latticeRpcPrefix)
            .withConnectionName("wattle provider " + providerKey)
            .with(tls());
    return latticeRpcUserSeed.isEmpty()
        ? options
        : options.with(new Credentials.JwtSeed(latticeRpcUserJwt, latticeRpcUserSeed));
  }

  private Tls tls() {
    if (wattleTlsCaSha256 != null) {
      return new Tls.PinnedCa(new Fingerprint(wattleTlsCaSha256));
    }
    return wattleTlsCaFile == null ? Tls.ByUrl.BY_URL : new Tls.CaFile(Path.of(wattleTlsCaFile));
  }

  /** No secret shows. */
  @Override
  public String toString() {
    return "host data of provider " + providerKey + " in lattice " + latticeRpcPrefix;
  }

  private static String url(LatticeOptions lattice) {
    return switch (lattice.credentials()) {
      case Credentials.UserPassword(String user, String password) ->
          with(lattice.url(), encoded(user) + ":" + encoded(password));
      case Credentials.Token(String token) -> with(lattice.url(), encoded(token));
      case Credentials.None none -> lattice.url();
      case Credentials.JwtSeed jwt -> lattice.url();
      case Credentials.CredsFile file -> lattice.url();
    };
  }

  private static String with(String urls, String user) {
    return urls.replace("://", "://" + user + "@");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
