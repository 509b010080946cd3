package io.wattle.runtime.wasi;

import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.wasi.filesystem.FilesystemInterfaces;
import io.wattle.runtime.wasi.http.HttpInterfaces;
import io.wattle.runtime.wasi.io.IoInterfaces;
import io.wattle.runtime.wasi.sockets.SocketInterfaces;
import java.util.ArrayList;
import java.util.List;

/**
 * WASI 0.2 for one component: io, clocks, random, cli, filesystem, sockets, http; wasi:config and
 * wasi:logging of the 0.2.0-draft and 0.1.0-draft.
 */
public final class Wasi {
  private Wasi() {}

  /** The interfaces, of any 0.2.x version. */
  public static HostInterfaces interfaces(WasiOptions options) {
    List<HostInterface> all = new ArrayList<>(IoInterfaces.all());
    all.addAll(Clocks.all(options.ticker(), options.wallClock()));
    all.addAll(RandomNumbers.all());
    all.addAll(Cli.all(options));
    all.addAll(FilesystemInterfaces.all(options.directories()));
    all.addAll(SocketInterfaces.all(options.network()));
    all.addAll(HttpInterfaces.all(options.http()));
    all.addAll(Config.all(options.config()));
    all.addAll(Logging.all(options.log()));
    return HostInterfaces.of(all);
  }
}
