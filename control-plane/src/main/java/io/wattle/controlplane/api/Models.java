package io.wattle.controlplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.controlplane.manifest.Format;
import io.wattle.controlplane.manifest.ManifestParser;
import io.wattle.controlplane.manifest.ParsedManifest;
import io.wattle.controlplane.plan.StatusType;
import io.wattle.controlplane.store.AppRecord;
import io.wattle.controlplane.store.AppStore;
import io.wattle.controlplane.store.StoredManifest;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations of the API, with wadm's sentences (control plane reference, section 3.3). */
final class Models {
  private final AppStore store;
  private final StatusBoard statuses;
  private final ManifestEvents events;
  private final DeployChecks checks;

  Models(AppStore store, StatusBoard statuses, ManifestEvents events) {
    this.store = store;
    this.statuses = statuses;
    this.events = events;
    this.checks = new DeployChecks(store);
  }

  ObjectNode put(String lattice, byte[] body, @Nullable String contentType)
      throws InterruptedException {
    Format format =
        switch (contentType == null ? "application/yaml" : contentType) {
          case "application/yaml" -> Format.YAML;
          case "application/json" -> Format.JSON;
          default -> null;
        };
    if (format == null) {
      return Reply.error(
          "Unsupported content type " + contentType + " given. Wadm supports YAML and JSON");
    }
    return switch (ManifestParser.parse(new String(body, StandardCharsets.UTF_8), format)) {
      case ParsedManifest.Rejected rejected ->
          Reply.with(Reply.error(rejected.wadmMessage()), rejected.problems());
      case ParsedManifest.Accepted accepted ->
          Reply.with(put(lattice, accepted), accepted.problems());
    };
  }

  private ObjectNode put(String lattice, ParsedManifest.Accepted accepted)
      throws InterruptedException {
    List<String> missing = checks.missing(lattice, accepted.manifest());
    String name = accepted.manifest().name();
    return switch (store.put(
        lattice, new StoredManifest(accepted.manifest(), accepted.document()))) {
      case AppStore.Put.VersionExists exists ->
          Reply.error("Manifest version " + exists.version() + " already exists");
      case AppStore.Put.Stored(var before, var version, var versions) -> {
        String message = "Successfully put manifest " + name + " " + before;
        if (!missing.isEmpty()) {
          message +=
              ", but some shared components are not deployed: " + DeployChecks.quoted(missing);
        }
        ObjectNode reply = Reply.of(versions == 1 ? "created" : "newversion", message);
        reply.put("total_versions", versions);
        reply.put("current_version", version);
        yield reply.put("name", name);
      }
    };
  }

  ObjectNode get(String lattice, String name, byte[] body) throws InterruptedException {
    Optional<AppRecord> found = existing(lattice, name);
    if (found.isEmpty()) {
      return Reply.of("notfound", noApp(name));
    }
    String wanted = version(body);
    AppRecord.Version version =
        (wanted == null ? found.get().newest() : found.get().version(wanted)).orElse(null);
    if (version == null) {
      return Reply.of(
          "notfound", "Application %s with version %s doesn't exist".formatted(name, wanted));
    }
    ObjectNode reply =
        Reply.of(
            "success",
            "Successfully fetched application " + name + (wanted == null ? "" : " " + wanted));
    reply.set("manifest", store.manifest(lattice, name, version).document());
    return reply;
  }

  ArrayNode list(String lattice) throws InterruptedException {
    ArrayNode models = Json.mapper().createArrayNode();
    for (AppRecord app : store.apps(lattice)) {
      AppRecord.Version newest = app.newest().orElse(null);
      if (newest != null) {
        ObjectNode model = models.addObject();
        JsonNode status = listed(lattice, app);
        model.put("name", app.name());
        model.put("version", newest.version());
        model.put("description", newest.description());
        model.put("deployed_version", app.deployed());
        model.set("detailed_status", status);
        String type = status.path("status").path("type").asText();
        model.put("status", type.equals("waiting") ? "undeployed" : type);
        model.set("status_message", status.path("status").get("message"));
      }
    }
    return models;
  }

  private JsonNode listed(String lattice, AppRecord app) {
    return app.deployment() == 0
        ? StatusJson.plain(StatusType.UNDEPLOYED, "")
        : current(lattice, app);
  }

  ObjectNode wrappedList(String lattice) throws InterruptedException {
    ObjectNode reply = Reply.of("success", "Successfully fetched list of applications");
    reply.set("models", list(lattice));
    return reply;
  }

  ObjectNode versions(String lattice, String name) throws InterruptedException {
    Optional<AppRecord> found = existing(lattice, name);
    ObjectNode reply =
        found.isPresent()
            ? Reply.of("success", "Successfully fetched versions for application " + name)
            : Reply.of("notfound", noApp(name));
    ArrayNode versions = reply.putArray("versions");
    found.ifPresent(
        app -> {
          for (AppRecord.Version version : app.versions()) {
            ObjectNode json = versions.addObject();
            json.put("version", version.version());
            json.put("deployed", version.version().equals(app.deployed()));
            json.put("put_at", version.putAt().toString());
          }
        });
    return reply;
  }

  ObjectNode delete(String lattice, String name, byte[] body) throws InterruptedException {
    String version = version(body);
    return switch (store.delete(lattice, name, version)) {
      case AppStore.Delete.NoApp none ->
          deleted("noop", "Application " + name + " doesn't exist or was already deleted", false);
      case AppStore.Delete.NoVersion none ->
          deleted("noop", "Application version " + version + " doesn't exist", false);
      case AppStore.Delete.Deleted(var last, var undeployed) -> {
        // wadm says "undeploy" for everything that takes the application away, deployed or not.
        if (undeployed || last) {
          events.unpublished(lattice, name);
        }
        String message =
            version == null
                ? "Successfully deleted application " + name
                : last
                    ? "Successfully deleted last version of application " + name
                    : "Successfully deleted version " + version + " of application " + name;
        yield deleted("deleted", message, undeployed || last);
      }
    };
  }

  private static ObjectNode deleted(String result, String message, boolean undeploy) {
    return Reply.of(result, message).put("undeploy", undeploy);
  }

  ObjectNode deploy(String lattice, String name, byte[] body) throws InterruptedException {
    Optional<AppRecord> found = existing(lattice, name);
    if (found.isEmpty()) {
      return deployReply("notfound", noApp(name), name, null);
    }
    String wanted = version(body);
    AppRecord.Version version =
        (wanted == null || wanted.equals("latest")
                ? found.get().newest()
                : found.get().version(wanted))
            .orElse(null);
    if (version == null) {
      return deployReply("error", noVersion(name, wanted), name, null);
    }
    StoredManifest manifest = store.manifest(lattice, name, version);
    Optional<String> refusal = checks.refuse(lattice, manifest.manifest());
    if (refusal.isPresent()) {
      return deployReply("error", refusal.get(), name, null);
    }
    Optional<AppRecord> after = store.deploy(lattice, name, version.version());
    if (after.isEmpty()) {
      return deployReply("error", noVersion(name, version.version()), name, null);
    }
    events.published(lattice, manifest.document());
    return deployReply(
            "acknowledged",
            "Successfully deployed application " + name + " " + version.version(),
            name,
            version.version())
        .put("deployment", after.get().deployment());
  }

  ObjectNode undeploy(String lattice, String name) throws InterruptedException {
    Optional<AppRecord> found = existing(lattice, name);
    if (found.isEmpty()) {
      return deployReply("notfound", noApp(name), name, null);
    }
    Optional<AppRecord> after = store.deploy(lattice, name, null);
    events.unpublished(lattice, name);
    boolean was = after.isPresent() && after.get().deployment() != found.get().deployment();
    ObjectNode reply =
        deployReply(
            "acknowledged",
            was
                ? "Successfully undeployed application " + name
                : "Application " + name + " was already undeployed",
            name,
            null);
    after.ifPresent(app -> reply.put("deployment", app.deployment()));
    return reply;
  }

  ObjectNode status(String lattice, String name) throws InterruptedException {
    ObjectNode reply = Reply.of("ok", "Successfully fetched status for application " + name);
    Optional<AppRecord> found = store.app(lattice, name);
    reply.set(
        "status",
        found.isEmpty() || found.get().deployment() == 0
            ? StatusJson.plain(StatusType.UNDEPLOYED, "")
            : current(lattice, found.get()));
    return reply;
  }

  /**
   * The last status, unless it is about an earlier deployment than the one that is asked for. That
   * something is deployed is not believed of an earlier control plane: hosts may have come and gone
   * since.
   */
  private JsonNode current(String lattice, AppRecord app) {
    Optional<JsonNode> last;
    try {
      last =
          app.deployed() == null
              ? statuses.status(lattice, app.name())
              : statuses.found(lattice, app.name());
    } catch (LatticeException e) {
      last = Optional.empty();
    }
    if (last.isPresent() && StatusJson.deployment(last.get()) >= app.deployment()) {
      return last.get();
    }
    return app.deployed() == null
        ? StatusJson.plain(StatusType.RECONCILING, "undeploying")
        : StatusJson.plain(StatusType.RECONCILING, "deploying version " + app.deployed());
  }

  private Optional<AppRecord> existing(String lattice, String name) throws InterruptedException {
    return store.app(lattice, name).filter(AppRecord::exists);
  }

  private static String noApp(String name) {
    return "Application with the name " + name + " not found";
  }

  private static String noVersion(String name, @Nullable String version) {
    return "Application with the name '%s' does not have a version '%s' to deploy"
        .formatted(name, version);
  }

  private static ObjectNode deployReply(
      String result, String message, String name, @Nullable String version) {
    return Reply.of(result, message).put("name", name).put("version", version);
  }

  private static @Nullable String version(byte[] body) {
    if (body.length == 0) {
      return null;
    }
    JsonNode version = Json.tree(body, "request").path("version");
    return version.isTextual() ? version.asText() : null;
  }
}
