package io.wattle.cli.up;

import io.wattle.cli.app.PreparedManifest;
import io.wattle.cli.base.DataDir;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor is to start.
 *
 * @param manifests to deploy once the rest is ready
 * @param hosts how many; the first one in the supervisor's JVM, each further one in its own
 * @param natsUrl a server that runs already, or null to start one
 * @param natsPort where to start it, 0 for any free port
 * @param listen where other machines are let in, null for nowhere
 * @param replicas copies of what is stored in JetStream, 0 for as many as the cluster allows
 * @param adminPort where the first host serves metrics and readiness, 0 for any free port, null for
 *     nowhere
 * @param maxInvocation how long one invocation of a component may take
 * @param timeout how long each application may take to get ready
 */
record UpOptions(
    DataDir dataDir,
    List<PreparedManifest> manifests,
    int hosts,
    HostLabels labels,
    String lattice,
    @Nullable String natsUrl,
    int natsPort,
    @Nullable Listen listen,
    int replicas,
    @Nullable Integer adminPort,
    Duration maxInvocation,
    Duration timeout) {
  UpOptions {
    manifests = List.copyOf(manifests);
  }
}
