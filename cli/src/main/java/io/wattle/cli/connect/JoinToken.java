package io.wattle.cli.connect;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Json;
import io.wattle.lattice.Credentials;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.tls.Fingerprint;
import io.wattle.lattice.tls.Tls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * All that another machine must know to join a lattice, in one word to paste: {@code wattle1.} and
 * base64url of a checksum and JSON. Who has it may run code on the lattice's hosts.
 *
 * @param addresses {@code host:port} of the NATS servers
 * @param authority whom to trust
 * @param user what NATS asks for
 * @param password what NATS asks for
 * @param lattice the lattice's name
 * @param validUntil when the certificates end
 */
public record JoinToken(
    List<String> addresses,
    Fingerprint authority,
    String user,
    String password,
    String lattice,
    Instant validUntil) {
  private static final String NAME = "wattle";
  private static final String PREFIX = NAME + "1.";
  private static final String WHERE =
      "`wattle token` prints it, on the machine where `wattle up --listen` runs.";

  public JoinToken {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("addresses: none (expected: at least one host:port)");
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Wire(
      @JsonProperty("a") List<String> addresses,
      @JsonProperty("f") byte[] authority,
      @JsonProperty("u") String user,
      @JsonProperty("p") String password,
      @JsonProperty("l") String lattice,
      @JsonProperty("x") long validUntil) {}

  /** The word to paste. */
  public String text() {
    byte[] json =
        Json.compact(
                new Wire(
                    addresses,
                    authority.bytes(),
                    user,
                    password,
                    lattice,
                    validUntil.getEpochSecond()))
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + json.length);
    bytes.putInt(checksum(json)).put(json);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /** Whether it looks like one, of whatever version. */
  static boolean looksLikeOne(String text) {
    return text.matches("(?s)" + NAME + "\\d+\\..*");
  }

  /**
   * Reads what was pasted; blanks and line breaks in it do no harm.
   *
   * @throws CommandException that says what is wrong with it, without repeating it
   */
  public static JoinToken parse(String pasted, Instant now) throws CommandException {
    String text = pasted.replaceAll("\\s", "");
    if (!text.startsWith(PREFIX)) {
      throw looksLikeOne(text)
          ? broken(
              "is of version "
                  + text.substring(NAME.length(), text.indexOf('.'))
                  + " (expected: 1); use the same release of wattle on all machines")
          : broken("does not begin with " + PREFIX);
    }
    JoinToken token = decode(text.substring(PREFIX.length()));
    if (!token.validUntil.isAfter(now)) {
      throw broken("ended at " + token.validUntil + ", with the certificates it stands for");
    }
    return token;
  }

  private static JoinToken decode(String base64) throws CommandException {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(base64));
      int checksum = bytes.getInt();
      byte[] json = new byte[bytes.remaining()];
      bytes.get(json);
      if (checksum != checksum(json)) {
        throw broken("is not whole: something was lost or changed when it was copied");
      }
      Wire wire = Json.MAPPER.readValue(json, Wire.class);
      return new JoinToken(
          wire.addresses(),
          Fingerprint.of(wire.authority()),
          wire.user(),
          wire.password(),
          wire.lattice(),
          Instant.ofEpochSecond(wire.validUntil()));
    } catch (IOException
        | IllegalArgumentException
        | NullPointerException
        | java.nio.BufferUnderflowException e) {
      throw broken("is not whole: something was lost or changed when it was copied");
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static CommandException broken(String how) {
    return CommandException.usage("the join token " + how).hint(WHERE);
  }

  /** How to connect with it. */
  public LatticeOptions options() {
    String urls = addresses.stream().map(a -> "tls://" + a).collect(Collectors.joining(","));
    return LatticeOptions.of(urls, lattice)
        .with(new Credentials.UserPassword(user, password))
        .with(new Tls.PinnedCa(authority));
  }

  @Override
  public String toString() {
    return "join token for lattice " + lattice + " at " + String.join(", ", addresses);
  }
}
