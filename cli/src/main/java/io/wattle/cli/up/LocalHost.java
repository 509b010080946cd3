package io.wattle.cli.up;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.log.Logging;
import io.wattle.host.Host;
import io.wattle.host.HostException;
import io.wattle.host.HostOptions;
import io.wattle.lattice.LatticeOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A host in this JVM. */
record LocalHost(Host host) implements RunningHost {
  static LocalHost start(
      LatticeOptions lattice,
      Path dataDir,
      Map<String, String> labels,
      Duration maxInvocation,
      @Nullable Integer adminPort,
      PrometheusMeterRegistry metrics)
      throws CommandException, InterruptedException {
    HostOptions.Builder options =
        HostOptions.builder(lattice, dataDir)
            .log(Logging.hostLog())
            .labels(labels)
            .maxInvocation(maxInvocation)
            .metrics(metrics);
    if (adminPort != null) {
      options.admin(new InetSocketAddress(InetAddress.getLoopbackAddress(), adminPort));
    }
    try {
      return new LocalHost(Host.start(options.build()));
    } catch (HostException e) {
      throw CommandException.failed("the host cannot start: " + e.getMessage()).because(e);
    }
  }

  @Override
  public String id() {
    return host.id();
  }

  @Override
  public String name() {
    return host.friendlyName();
  }

  @Override
  public void stop(Duration within) throws InterruptedException {
    host.stop(within);
  }
}
