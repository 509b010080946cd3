package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.Table;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Links as an answer. */
final class LinkTable {
  private LinkTable() {}

  static Answer answer(List<Link> unsorted) {
    List<Link> links = new ArrayList<>(unsorted);
    links.sort(
        Comparator.comparing(Link::sourceId)
            .thenComparing(Link::packageName)
            .thenComparing(Link::name)
            .thenComparing(Link::target));
    Table table =
        Table.of("SOURCE", "TARGET", "INTERFACES", "NAME", "SOURCE CONFIG", "TARGET CONFIG");
    for (Link link : links) {
      table.row(
          link.sourceId(),
          link.target(),
          link.packageName() + "/" + String.join(",", link.interfaces()),
          link.name(),
          String.join(",", link.sourceConfig()),
          String.join(",", link.targetConfig()));
    }
    return Answer.of(links.isEmpty() ? "no links" : table.toString())
        .with("links", Json.mapper().valueToTree(links));
  }
}
