package io.wattle.controlplane.plan;

import io.wattle.lattice.link.Link;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One command for the lattice. Two actions are the same when they would send the same. */
public sealed interface Action {
  /**
   * For what is written to a bucket. It is there at once, but we may not see it for some seconds
   * when the server is lost that tells us of the bucket.
   */
  Duration WRITTEN = Duration.ofSeconds(15);

  /** The application it is done for. */
  String app();

  /** What it changes: only one action for it is under way at a time. */
  String key();

  /** A word for metrics: {@code put_config}, {@code scale_component} ... */
  String kind();

  /** How long its effect may take before it counts as failed. */
  Duration patience();

  /** Stores a configuration. */
  record PutConfig(String app, String name, Map<String, String> values) implements Action {
    public PutConfig {
      values = Map.copyOf(values);
    }

    @Override
    public String key() {
      return "config " + name;
    }

    @Override
    public String kind() {
      return "put_config";
    }

    @Override
    public Duration patience() {
      return WRITTEN;
    }
  }

  /** Removes a configuration. */
  record DeleteConfig(String app, String name) implements Action {
    @Override
    public String key() {
      return "config " + name;
    }

    @Override
    public String kind() {
      return "delete_config";
    }

    @Override
    public Duration patience() {
      return WRITTEN;
    }
  }

  /**
   * Starts a provider on a host.
   *
   * @param replace whether it takes the place of one of this id that runs there
   */
  record StartProvider(
      String app,
      String hostId,
      String id,
      String image,
      List<String> configs,
      Map<String, String> annotations,
      boolean replace)
      implements Action {
    public StartProvider {
      configs = List.copyOf(configs);
      annotations = Map.copyOf(annotations);
    }

    @Override
    public String key() {
      return onHost("provider", id, hostId);
    }

    @Override
    public String kind() {
      return replace ? "replace_provider" : "start_provider";
    }

    @Override
    public Duration patience() {
      return Duration.ofSeconds(60);
    }
  }

  /** Stops a provider on a host. */
  record StopProvider(String app, String hostId, String id) implements Action {
    @Override
    public String key() {
      return onHost("provider", id, hostId);
    }

    @Override
    public String kind() {
      return "stop_provider";
    }

    @Override
    public Duration patience() {
      return Duration.ofSeconds(15);
    }
  }

  /**
   * Runs a component on a host with so many invocations at once; 0 stops it.
   *
   * @param allowUpdate whether the code is replaced when another image runs
   */
  record ScaleComponent(
      String app,
      String hostId,
      String id,
      String image,
      long count,
      List<String> configs,
      Map<String, String> annotations,
      boolean allowUpdate)
      implements Action {
    public ScaleComponent {
      configs = List.copyOf(configs);
      annotations = Map.copyOf(annotations);
    }

    @Override
    public String key() {
      return onHost("component", id, hostId);
    }

    @Override
    public String kind() {
      return count == 0 ? "stop_component" : "scale_component";
    }

    @Override
    public Duration patience() {
      return Duration.ofSeconds(30);
    }
  }

  /**
   * Stores a link.
   *
   * @param replace whether a link of ours that is in its way goes at the same moment
   */
  record PutLink(String app, Link link, boolean replace) implements Action {
    @Override
    public String key() {
      return linkKey(LinkId.of(link));
    }

    @Override
    public String kind() {
      return "put_link";
    }

    @Override
    public Duration patience() {
      return WRITTEN;
    }
  }

  /** Removes a link. */
  record DeleteLink(String app, LinkId link) implements Action {
    @Override
    public String key() {
      return linkKey(link);
    }

    @Override
    public String kind() {
      return "delete_link";
    }

    @Override
    public Duration patience() {
      return WRITTEN;
    }
  }

  /** The key of what runs on a host. */
  static String onHost(String what, String id, String hostId) {
    return what + " " + id + " on " + hostId;
  }

  /** The key of what is done to a link. */
  static String linkKey(LinkId link) {
    return "link %s -(%s %s:%s)-> %s"
        .formatted(
            link.sourceId(), link.name(), link.witNamespace(), link.witPackage(), link.target());
  }
}
