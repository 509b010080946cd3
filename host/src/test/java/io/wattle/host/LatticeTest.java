package io.wattle.host;

import io.wattle.lattice.testing.NatsForTests;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that have a lattice each, on the server of their class, and a web client. */
abstract class LatticeTest {
  private final NatsForTests nats;

  /** Where its hosts keep their folders: {@code host-0}, {@code host-1} ... */
  @TempDir Path dir;

  TestLattice lattice;
  final Web web = new Web();

  LatticeTest(NatsForTests nats) {
    this.nats = nats;
  }

  @BeforeEach
  void joinLattice() throws Exception {
    lattice = new TestLattice(nats, dir);
  }

  @AfterEach
  void leaveLattice() {
    lattice.close();
    web.close();
  }
}
