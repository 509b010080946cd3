package io.wattle.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.cli.app.AppClient;
import io.wattle.cli.app.AppItem;
import io.wattle.cli.app.PreparedManifest;
import io.wattle.cli.app.Rollout;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.connect.Failures;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.LatticeOptions;
import io.wattle.lattice.control.ControlClient;
import io.wattle.lattice.control.HostInventory;
import io.wattle.lattice.control.ProviderDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Deploys the manifests of {@code up}, and tells how these and those from before stand. */
final class Applications {
  private static final String ENDPOINTS = "wattle_endpoints";

  private final UpOptions options;
  private final Announcer announcer;
  private final String end;
  private final List<Object> json = new ArrayList<>();
  private final List<CommandException> failures = new ArrayList<>();

  /**
   * Deploys.
   *
   * @param end what to do to stop it all, for the summary's last line
   */
  Applications(UpOptions options, Announcer announcer, String end) {
    this.options = options;
    this.announcer = announcer;
    this.end = end;
  }

  /**
   * Deploys, waits, and prints the lines of the summary.
   *
   * @param hosts whose providers' addresses are shown
   * @throws CommandException the first failure, once all others were tried
   */
  Answer deploy(LatticeOptions lattice, List<String> hosts, Answer soFar)
      throws CommandException, InterruptedException {
    try (LatticeConnection connection =
        LatticeConnection.connect(lattice.withConnectionName("wattle up"))) {
      AppClient apps = new AppClient(connection);
      Map<String, String> deployed = new LinkedHashMap<>();
      for (PreparedManifest manifest : options.manifests()) {
        deployOne(apps, manifest, deployed);
      }
      for (JsonNode app : apps.list()) {
        if (app.hasNonNull("deployed_version")) {
          deployed.put(app.path("name").asText(), app.path("deployed_version").asText());
        }
      }
      for (Map.Entry<String, String> app : deployed.entrySet()) {
        await(connection, app.getKey(), app.getValue());
      }
      List<String> urls = urls(connection, hosts);
      if (!failures.isEmpty()) {
        throw failures.getFirst().with("applications", json);
      }
      showUrls(urls);
      return soFar.with("applications", json).with("urls", urls);
    } catch (LatticeException e) {
      throw Failures.of(e);
    }
  }

  private void deployOne(AppClient apps, PreparedManifest manifest, Map<String, String> deployed)
      throws InterruptedException {
    String name = manifest.manifest().name();
    announcer.progress("deploying " + name);
    manifest.warnings().forEach(announcer::progress);
    try {
      apps.put(manifest, true);
      JsonNode reply = apps.deploy(name, manifest.manifest().version());
      deployed.put(name, reply.path("version").asText());
    } catch (CommandException e) {
      fail(name, String.valueOf(manifest.manifest().version()), e);
    }
  }

  private void await(LatticeConnection connection, String app, String version)
      throws InterruptedException {
    Duration timeout = options.timeout();
    try {
      Rollout.Result result = new Rollout(connection, announcer::progress).await(app, timeout);
      announcer.line(Rows.row(app, version, "deployed", AppItem.count(result.items())));
      json.add(json(app, version, true));
    } catch (CommandException e) {
      fail(app, version, e);
    }
  }

  private void fail(String app, String version, CommandException e) {
    announcer.line(Rows.row(app, version, "failed", ""));
    failures.add(e);
    json.add(json(app, version, false));
  }

  private static Map<String, Object> json(String app, String version, boolean deployed) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("app", app);
    json.put("version", version);
    json.put("deployed", deployed);
    return json;
  }

  private void showUrls(List<String> urls) {
    for (int i = 0; i < urls.size(); i++) {
      announcer.line(Rows.url(urls.get(i), i == urls.size() - 1 ? end : ""));
    }
    if (urls.isEmpty()) {
      announcer.line("  " + end);
    }
  }

  private static List<String> urls(LatticeConnection connection, List<String> hosts)
      throws InterruptedException {
    ControlClient control = new ControlClient(connection);
    TreeSet<String> urls = new TreeSet<>();
    for (String host : hosts) {
      HostInventory inventory = control.inventory(host);
      for (ProviderDescription provider : inventory.providers()) {
        JsonNode endpoints = provider.extra().get(ENDPOINTS);
        if (endpoints != null) {
          endpoints.forEach(endpoint -> urls.add(endpoint.asText()));
        }
      }
    }
    return List.copyOf(urls);
  }
}
