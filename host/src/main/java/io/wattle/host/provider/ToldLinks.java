package io.wattle.host.provider;

import io.wattle.host.link.ConfigTable;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderLink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a provider of this process the links it does not know yet; its gate goes by them. */
record ToldLinks(String id, WantedLinks links, ProviderGate gate) {
  private static final Logger LOG = LoggerFactory.getLogger(ToldLinks.class);

  /** Compares what is wanted with what it was told, and tells the difference. */
  void reconcile(Provider told) throws InterruptedException {
    Map<ProviderLink.Key, ProviderLink> wanted = links.all();
    for (ProviderLink known : gate.served().values()) {
      if (!wanted.containsKey(known.key())
          && !(links.leadsElsewhere(known) && gate.lingers(known.key()))) {
        gate.forget(known.key());
        told.deleteLink(known.key());
      }
    }
    gate.retain(wanted.keySet());
    for (ProviderLink link : wanted.values()) {
      put(told, link);
    }
  }

  /** The links it refuses, for the inventory. */
  List<Map<String, String>> errors() {
    List<Map<String, String>> errors = new ArrayList<>();
    gate.refused().forEach((key, error) -> errors.add(describe(key, error)));
    return errors;
  }

  private void put(Provider told, ProviderLink link) throws InterruptedException {
    Optional<ConfigTable.Deleted> gone = links.deletedConfig(link.key());
    if (gone.isPresent()) {
      String instance = link.namespace() + ":" + link.witPackage();
      boolean served = gate.served().containsKey(link.key());
      refuse(link, ProviderGate.revoked(instance, gone.get()));
      if (served) {
        told.deleteLink(link.key());
      }
      return;
    }
    if (link.equals(gate.served().get(link.key()))) {
      gate.serve(link); // it may have been swapped for another in between
      return;
    }
    try {
      told.putLink(link);
      gate.serve(link);
    } catch (LinkException | RuntimeException e) {
      refuse(link, String.valueOf(e.getMessage()));
    }
  }

  private void refuse(ProviderLink link, String error) {
    if (gate.refuse(link.key(), error)) {
      LOG.warn("{}: link {} -> {} failed: {}", id, link.sourceId(), link.target(), error);
    }
  }

  private static Map<String, String> describe(ProviderLink.Key key, String error) {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("source_id", key.sourceId());
    text.put("target", key.target());
    text.put("name", key.name());
    text.put("wit_namespace", key.namespace());
    text.put("wit_package", key.witPackage());
    text.put("error", error);
    return text;
  }
}
