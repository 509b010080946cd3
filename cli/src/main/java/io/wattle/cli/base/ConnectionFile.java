package io.wattle.cli.base;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How commands of the same user reach the lattice that {@code up} started; in the data directory,
 * readable by the user only.
 *
 * @param pid the supervisor
 * @param since when it started, ISO 8601
 * @param natsUrl where NATS listens
 * @param user generated, or null when the URL holds what is needed
 * @param password generated, or null
 * @param authority fingerprint of whom NATS's certificate is from, or null when it asks for no TLS
 * @param join the token that lets other machines in, or null when NATS listens on loopback only
 * @param lattice the lattice of its hosts
 * @param socket the supervisor's control socket
 * @param hosts ids of the hosts it started, empty while it starts them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConnectionFile(
    @JsonProperty("pid") long pid,
    @JsonProperty("since") String since,
    @JsonProperty("nats_url") String natsUrl,
    @JsonProperty("user") @Nullable String user,
    @JsonProperty("password") @Nullable String password,
    @JsonProperty("authority") @Nullable String authority,
    @JsonProperty("join") @Nullable String join,
    @JsonProperty("lattice") String lattice,
    @JsonProperty("socket") String socket,
    @JsonProperty("hosts") List<String> hosts) {
  public ConnectionFile {
    hosts = hosts == null ? List.of() : List.copyOf(hosts);
  }

  /** The same with these hosts. */
  public ConnectionFile withHosts(List<String> ids) {
    return new ConnectionFile(
        pid, since, natsUrl, user, password, authority, join, lattice, socket, ids);
  }

  /** The file of a data directory, or null when there is none that can be read. */
  public static @Nullable ConnectionFile read(DataDir dataDir) {
    try {
      return Json.MAPPER.readValue(
          Files.readString(dataDir.connectionFile()), ConnectionFile.class);
    } catch (IOException e) {
      return null;
    }
  }

  /** Writes it in one step, so that no reader sees half of it. */
  public void write(DataDir dataDir) throws IOException {
    Path part = dataDir.root().resolve("connection.json.part");
    Files.deleteIfExists(part);
    FileAttribute<?>[] ownerOnly = {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
    Files.createFile(part, ownerOnly);
    Files.write(part, Json.MAPPER.writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
    Files.move(
        part,
        dataDir.connectionFile(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public String toString() {
    return natsUrl + " (pid " + pid + ")";
  }
}
