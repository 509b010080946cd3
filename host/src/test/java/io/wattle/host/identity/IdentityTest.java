package io.wattle.host.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  @TempDir Path dir;

  @Test
  void isMadeOnceAndKept() throws Exception {
    String id;
    String name;
    try (Identity first = Identity.open(dir.resolve("a"), Optional.empty())) {
      id = first.id();
      name = first.friendlyName();
    }
    assertThat(id).hasSize(56).startsWith("N");
    assertThat(name).matches("[a-z]+-[a-z]+");
    try (Identity again = Identity.open(dir.resolve("a"), Optional.empty())) {
      assertThat(again.id()).isEqualTo(id);
      assertThat(again.friendlyName()).isEqualTo(name);
    }
    for (String file : new String[] {"host.nk", "host.name"}) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(dir.resolve("a").resolve(file))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void takesTheNameItIsGiven() {
    Identity.open(dir, Optional.of("my-host")).close();
    try (Identity again = Identity.open(dir, Optional.empty())) {
      assertThat(again.friendlyName()).isEqualTo("my-host");
    }
  }

  @Test
  void isHeldByOneHostAtATime() {
    try (Identity first = Identity.open(dir, Optional.empty())) {
      assertThat(first.id()).isNotEmpty();
      assertThatThrownBy(() -> Identity.open(dir, Optional.empty()))
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining("another host uses the identity in " + dir);
    }
  }

  @Test
  void refusesAKeyOfAnotherKind() throws Exception {
    Files.writeString(
        dir.resolve("host.nk"), "SUAMLK2ZNL35WSMW37E7UD4VZ7ELPKW7DHC3BWBSD2GCZ7IUQQXZIORRBU");
    assertThatThrownBy(() -> Identity.open(dir, Optional.empty()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("not the seed of a server nkey (expected: it starts with SN)");
  }

  @Test
  void refusesADamagedSeed() throws Exception {
    Files.writeString(dir.resolve("host.nk"), "SNABC");
    assertThatThrownBy(() -> Identity.open(dir, Optional.empty()))
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("host.nk");
  }
}
