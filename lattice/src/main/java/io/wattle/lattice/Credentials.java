package io.wattle.lattice;

import java.nio.file.Path;

/** How a connection proves who it is. No secret shows in {@code toString}. */
public sealed interface Credentials {

  /** Nothing, or what the URL holds. */
  enum None implements Credentials {
    NONE
  }

  /** User and password. */
  record UserPassword(String user, String password) implements Credentials {
    @Override
    public String toString() {
      return "user " + user;
    }
  }

  /** One token. */
  record Token(String token) implements Credentials {
    @Override
    public String toString() {
      return "token";
    }
  }

  /** A creds file as {@code nsc} writes it. */
  record CredsFile(Path file) implements Credentials {}

  /** User JWT and the seed that signs the server's nonce. */
  record JwtSeed(String jwt, String seed) implements Credentials {
    @Override
    public String toString() {
      return "jwt and seed";
    }
  }
}
