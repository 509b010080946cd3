package io.wattle.lattice.watch;

import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlSubjects;

/** The subjects of this package. */
public final class WatchSubjects {
  private WatchSubjects() {}

  /** Where a host is asked for its log. */
  public static String logs(LatticeConnection connection, String host) {
    return control(connection).of("wattle.logs." + host);
  }

  /** Where all hosts are asked to tell the calls of a component or provider for a while. */
  public static String spy(LatticeConnection connection) {
    return control(connection).of("wattle.spy");
  }

  /** Where hosts tell the calls of a component or provider while somebody asks them to. */
  public static String calls(LatticeConnection connection, String id) {
    return connection.lattice() + "." + id + ".wattle.calls";
  }

  private static ControlSubjects control(LatticeConnection connection) {
    return new ControlSubjects(connection.options().controlPrefix(), connection.lattice());
  }
}
