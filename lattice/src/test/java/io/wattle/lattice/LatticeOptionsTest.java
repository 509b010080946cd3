package io.wattle.lattice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatticeOptionsTest {
  @Test
  void aPasswordInTheAddressIsNotPartOfIt() {
    LatticeOptions options =
        LatticeOptions.of("nats://me:s%40c+ret@a:4222,nats://me:s%40c+ret@b:4222", "default");

    assertThat(options.url()).isEqualTo("nats://a:4222,nats://b:4222");
    assertThat(options.credentials()).isEqualTo(new Credentials.UserPassword("me", "s@c+ret"));
    assertThat(options.with(Credentials.None.NONE).credentials()).isEqualTo(options.credentials());
    assertThat(options.toString()).doesNotContain("ret");
  }

  @Test
  void aTokenIsOne() {
    LatticeOptions options = LatticeOptions.of("nats://t0ken@a:4222", "default");

    assertThat(options.url()).isEqualTo("nats://a:4222");
    assertThat(options.credentials()).isEqualTo(new Credentials.Token("t0ken"));
  }

  @Test
  void whatIsGivenApartWins() {
    Credentials given = new Credentials.UserPassword("you", "other");

    assertThat(LatticeOptions.of("nats://me:secret@a:4222", "default").with(given).credentials())
        .isEqualTo(given);
    assertThat(LatticeOptions.of("nats://a:4222", "default").credentials())
        .isEqualTo(Credentials.None.NONE);
  }
}
