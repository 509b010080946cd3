package io.wattle.controlplane.plan;

import io.wattle.controlplane.manifest.Manifest;
import io.wattle.controlplane.manifest.Manifest.ComponentType;
import io.wattle.controlplane.manifest.Names;
import io.wattle.controlplane.plan.DesiredItem.ScalerType;
import io.wattle.controlplane.plan.DesiredItem.WorkloadType;
import io.wattle.lattice.link.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From a manifest to what the planner wants to know of it (control plane reference, section 5.1).
 */
public final class Applications {
  private final Manifest manifest;
  private final Map<String, Map<String, String>> configs = new HashMap<>();
  private final List<DesiredItem> items = new ArrayList<>();

  private Applications(Manifest manifest) {
    this.manifest = manifest;
  }

  /** The application as it should be when this manifest is deployed. */
  public static DesiredApp of(
      Manifest manifest, String version, long deployment, DesiredApp.Leftovers leftovers) {
    Applications application = new Applications(manifest);
    manifest.components().forEach(application::component);
    return new DesiredApp(
        manifest.name(), version, deployment, application.configs, application.items, leftovers);
  }

  /**
   * The configurations and links a manifest puts, to be remembered for the time when it is gone.
   */
  public static DesiredApp.Leftovers owned(Manifest manifest) {
    DesiredApp app = of(manifest, "", 0, DesiredApp.Leftovers.NONE);
    Set<LinkId> links =
        app.items().stream()
            .filter(DesiredItem.Wire.class::isInstance)
            .map(item -> LinkId.of(((DesiredItem.Wire) item).link()))
            .collect(Collectors.toSet());
    return new DesiredApp.Leftovers(app.configs().keySet(), links);
  }

  private void component(Manifest.Component component) {
    if (component.properties().application() == null) {
      workload(component);
    }
    for (Manifest.Trait trait : component.traits()) {
      if (trait instanceof Manifest.LinkTrait(var place, var type, var link)
          && type.equals("link")) {
        link(component, link);
      }
    }
  }

  private List<String> names(List<Manifest.Config> own, List<Manifest.Secret> secrets) {
    for (Manifest.Config config : own) {
      if (config.properties() != null) {
        configs.put(Names.config(manifest.name(), config), config.properties());
      }
    }
    return Names.all(manifest.name(), own, secrets);
  }

  private void workload(Manifest.Component component) {
    Manifest.Properties properties = component.properties();
    String id = Names.id(manifest, component);
    List<String> names = names(properties.config(), properties.secrets());
    Manifest.ScalerTrait trait = scaler(component);
    ScalerType scaler =
        trait != null && trait.type().equals("daemonscaler")
            ? ScalerType.DAEMON
            : ScalerType.SPREAD;
    String image = properties.image() == null ? "" : properties.image();
    List<String> parts = new ArrayList<>(List.of(manifest.name(), component.name(), id, image));
    parts.addAll(names);
    String scalerId = ScalerIds.of(scaler.wire(), parts);
    boolean provider = component.type() == ComponentType.CAPABILITY;
    if (!properties.secrets().isEmpty()) {
      items.add(
          new DesiredItem.Idle(
              scalerId,
              scaler.wire(),
              id,
              StatusType.FAILED,
              secretsMessage(properties.secrets())));
    } else if (trait == null && !provider) {
      items.add(
          new DesiredItem.Idle(
              scalerId,
              scaler.wire(),
              id,
              StatusType.DEPLOYED,
              "not started: component \"%s\" has no spreadscaler; add one with instances: 1"
                  .formatted(component.name())));
    } else {
      items.add(
          new DesiredItem.Workload(
              provider ? WorkloadType.PROVIDER : WorkloadType.COMPONENT,
              scaler,
              scalerId,
              id,
              image,
              names,
              shares(trait, scaler)));
    }
  }

  private static String secretsMessage(List<Manifest.Secret> secrets) {
    return "secrets are not supported yet: "
        + secrets.stream().map(Manifest.Secret::name).collect(Collectors.joining(", "));
  }

  private static Manifest.@Nullable ScalerTrait scaler(Manifest.Component component) {
    for (Manifest.Trait trait : component.traits()) {
      if (trait instanceof Manifest.ScalerTrait scaler
          && (trait.type().equals("spreadscaler") || trait.type().equals("daemonscaler"))) {
        return scaler;
      }
    }
    return null;
  }

  private static List<Share> shares(Manifest.@Nullable ScalerTrait trait, ScalerType scaler) {
    if (trait == null) {
      return Share.divide(1, List.of());
    }
    return switch (scaler) {
      case SPREAD -> Share.divide(trait.instances(), trait.spread());
      case DAEMON -> Share.everywhere(trait.instances(), trait.spread());
    };
  }

  private void link(Manifest.Component source, Manifest.Link declared) {
    Manifest.Component target = manifest.component(declared.target());
    if (target == null) {
      return;
    }
    List<Manifest.Secret> secrets = new ArrayList<>(declared.source().secrets());
    secrets.addAll(declared.targetSide().secrets());
    Link link =
        new Link(
            Names.id(manifest, source),
            Names.id(manifest, target),
            declared.name(),
            declared.namespace(),
            declared.witPackage(),
            declared.interfaces(),
            names(declared.source().config(), declared.source().secrets()),
            names(declared.targetSide().config(), declared.targetSide().secrets()),
            Map.of());
    List<String> parts =
        new ArrayList<>(
            List.of(
                manifest.name(),
                link.name(),
                link.sourceId(),
                link.target(),
                link.witNamespace(),
                link.witPackage()));
    parts.addAll(link.interfaces());
    parts.addAll(link.sourceConfig());
    parts.addAll(link.targetConfig());
    String scalerId = ScalerIds.of("LinkScaler", parts);
    DesiredItem.Wire wire = new DesiredItem.Wire(scalerId, link);
    items.add(
        secrets.isEmpty()
            ? wire
            : new DesiredItem.Idle(
                scalerId, "LinkScaler", wire.name(), StatusType.FAILED, secretsMessage(secrets)));
  }
}
