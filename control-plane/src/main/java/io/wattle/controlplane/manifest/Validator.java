package io.wattle.controlplane.manifest;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of wadm's validation, numbered in its order, and a few of our own that only warn. */
final class Validator {
  private static final Pattern NAME = Pattern.compile("^[-\\w]+$", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern KEY_NAME =
      Pattern.compile("[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?");
  private static final Pattern KEY_PREFIX_PART =
      Pattern.compile("[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?");

  private final Manifest manifest;
  private final List<Problem> problems;

  private Validator(Manifest manifest, List<Problem> problems) {
    this.manifest = manifest;
    this.problems = problems;
  }

  static void validate(Manifest manifest, List<Problem> problems) {
    Validator validator = new Validator(manifest, problems);
    validator.metadata();
    validator.names();
    new LinkRules(manifest, problems).check();
    new SecretRules(manifest, problems).check();
    validator.properties();
    validator.scalers();
    validator.configs();
    new TokenRules(manifest, problems).check();
  }

  private void error(int rule, Place place, String message, String hint) {
    problems.add(Problem.error(rule, place, message).hint(hint).wadm(rule, message));
  }

  private void metadata() {
    Manifest.Metadata metadata = manifest.metadata();
    String name = metadata.name();
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      error(
          1,
          metadata.place(),
          "manifest name [" + name + "] is not allowed (should match regex [^[-\\w]+$])",
          "use letters, digits, dashes and underscores");
    }
    Place root = new Place("metadata", metadata.place().at());
    if ("latest".equals(manifest.version())) {
      error(
          2,
          new Place("metadata.annotations.version", metadata.place().at()),
          "latest is not allowed in wadm",
          "give the version a name of its own, or leave it out");
    }
    keys(3, root, "label", metadata.labels());
    keys(4, root, "annotation", metadata.annotations());
  }

  private void keys(int rule, Place root, String what, Map<String, String> entries) {
    entries.forEach(
        (key, value) -> {
          if (!validKey(key)) {
            error(
                rule,
                root.field(what + "s." + key, root.at()),
                "Invalid OAM %s: (\"%s\", \"%s\")".formatted(what, key, value),
                "a key is name or prefix/name, of letters, digits, dashes, dots and underscores");
          }
        });
  }

  /** The key rule of the Open Application Model: {@code name} or {@code prefix/name}. */
  static boolean validKey(String key) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    if (slash >= 0) {
      String prefix = key.substring(0, slash);
      if (prefix.length() > 253) {
        return false;
      }
      for (String part : prefix.split("\\.", -1)) {
        if (!KEY_PREFIX_PART.matcher(part).matches()) {
          return false;
        }
      }
    }
    return KEY_NAME.matcher(name).matches();
  }

  private void names() {
    Set<String> names = new HashSet<>();
    Map<String, String> ids = new HashMap<>();
    for (Manifest.Component component : manifest.components()) {
      if (!component.name().isEmpty() && !names.add(component.name())) {
        error(
            5,
            component.place(),
            "Duplicate component name in manifest: " + component.name(),
            "give one of them another name");
      }
    }
    for (Manifest.Component component : manifest.components()) {
      String id = component.properties().id();
      String before = id == null ? null : ids.putIfAbsent(id, component.name());
      if (id != null && before != null) {
        error(
            6,
            component.properties().place().field("id", component.properties().place().at()),
            "Duplicate component identifier in manifest: " + id,
            "\"" + before + "\" has it already");
      }
    }
  }

  private void properties() {
    for (Manifest.Component component : manifest.components()) {
      Manifest.Properties properties = component.properties();
      Place place = properties.place();
      if (properties.image() != null && properties.application() != null) {
        error(
            17,
            place,
            "Component cannot have both 'image' and 'application' properties",
            "remove one of them");
      } else if (properties.image() == null && properties.application() == null) {
        error(
            18,
            place,
            "Component must have either 'image' or 'application' property",
            "name an image, for example file://./component.wasm");
      }
      Manifest.SharedApplication shared = properties.application();
      if (shared != null) {
        String who = "Shared component '" + shared.name() + "' cannot ";
        String where = "it belongs to the manifest of \"" + shared.name() + "\"";
        if (!properties.config().isEmpty()) {
          error(19, place, who + "specify additional 'config'", where);
        } else if (!properties.secrets().isEmpty()) {
          error(20, place, who + "specify additional 'secrets'", where);
        }
        for (Manifest.Trait trait : component.traits()) {
          if (trait instanceof Manifest.ScalerTrait && isScaler(trait)) {
            error(21, trait.place(), who + "include a scaler trait", where);
          }
        }
      }
    }
  }

  private static boolean isScaler(Manifest.Trait trait) {
    return trait.type().equals("spreadscaler") || trait.type().equals("daemonscaler");
  }

  /** Our own: accepted by wadm, with an effect nobody expects. */
  private void scalers() {
    for (Manifest.Component component : manifest.components()) {
      List<Manifest.Trait> scalers =
          component.traits().stream()
              .filter(t -> t instanceof Manifest.ScalerTrait && isScaler(t))
              .toList();
      if (scalers.isEmpty()
          && component.type() == Manifest.ComponentType.COMPONENT
          && component.properties().application() == null) {
        problems.add(
            Problem.warning(0, component.place(), "has no spreadscaler and is never started")
                .hint("add the trait spreadscaler with instances: 1"));
      }
      for (int i = 1; i < scalers.size(); i++) {
        problems.add(
            Problem.warning(0, scalers.get(i).place(), "a second scaler has no effect")
                .hint("remove it"));
      }
    }
  }

  /**
   * Our own: one name on the lattice for two different configurations, which would replace each
   * other for ever.
   */
  private void configs() {
    Map<String, Manifest.Config> seen = new LinkedHashMap<>();
    ManifestParts.configs(manifest)
        .filter(config -> config.properties() != null)
        .forEach(
            config -> {
              String name = Names.config(manifest.name(), config);
              Manifest.Config before = seen.putIfAbsent(name, config);
              boolean inLinks =
                  before != null
                      && before.place().path().contains(".traits[")
                      && config.place().path().contains(".traits[");
              if (before != null
                  && !inLinks
                  && !Objects.equals(before.properties(), config.properties())) {
                problems.add(
                    Problem.error(
                            26,
                            config.place(),
                            "config \"%s\" has other values than the one at %s (%s)"
                                .formatted(
                                    config.name(), before.place().path(), before.place().at()))
                        .hint("both are \"" + name + "\" on the lattice: rename one"));
              }
            });
  }
}
