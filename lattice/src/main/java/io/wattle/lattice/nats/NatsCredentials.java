package io.wattle.lattice.nats;

import io.wattle.lattice.Credentials;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Credentials nobody can guess. */
public final class NatsCredentials {
  private static final SecureRandom RANDOM = new SecureRandom();

  private NatsCredentials() {}

  /** User {@code wattle} and a password of 160 bits. */
  public static Credentials.UserPassword generate() {
    byte[] bytes = new byte[20];
    RANDOM.nextBytes(bytes);
    return new Credentials.UserPassword("wattle", HexFormat.of().formatHex(bytes));
  }
}
