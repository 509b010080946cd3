package io.wattle.host.provider;

import io.wattle.host.link.ConfigTable;
import io.wattle.host.link.LatticeState;
import io.wattle.lattice.link.InterfaceLinkDefinition;
import io.wattle.lattice.link.Link;
import io.wattle.providers.ProviderLink;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The links a provider is to have, with their configurations, as the lattice says now. */
record WantedLinks(String provider, LatticeState state) {
  Map<ProviderLink.Key, ProviderLink> all() {
    Map<ProviderLink.Key, ProviderLink> wanted = new LinkedHashMap<>();
    ConfigTable configs = state.configs();
    for (Link link : state.links().touching(provider)) {
      ProviderLink resolved =
          ProviderLink.of(
              InterfaceLinkDefinition.of(
                  link, configs.merged(link.sourceConfig()), configs.merged(link.targetConfig())));
      wanted.put(resolved.key(), resolved);
    }
    return wanted;
  }

  /** The config of a link that was deleted: the link cannot be used without. */
  Optional<ConfigTable.Deleted> deletedConfig(ProviderLink.Key key) {
    ConfigTable configs = state.configs();
    return state.links().touching(provider).stream()
        .filter(link -> key(link).equals(key))
        .findFirst()
        .flatMap(
            link ->
                configs
                    .deleted(link.sourceConfig())
                    .or(() -> configs.deleted(link.targetConfig())));
  }

  /** Whether calls by this link have another target now. */
  boolean leadsElsewhere(ProviderLink known) {
    return state.links().from(known.sourceId()).stream()
        .anyMatch(
            link ->
                !link.target().equals(known.target())
                    && known.interfaces().stream()
                        .anyMatch(
                            i ->
                                link.carries(
                                    known.name(),
                                    known.namespace() + ":" + known.witPackage() + "/" + i)));
  }

  static ProviderLink.Key key(Link link) {
    return new ProviderLink.Key(
        link.sourceId(), link.target(), link.name(), link.witNamespace(), link.witPackage());
  }
}
