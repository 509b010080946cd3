package io.wattle.lattice.kv;

import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.Links;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One put of a link, tried until nobody wrote in between; remembers the last try. */
final class LinkPut {
  private final Link link;
  private final boolean replace;
  private Links.@Nullable Put result;
  private List<Link> replaced = List.of();

  LinkPut(Link link, boolean replace) {
    this.link = link;
    this.replace = replace;
  }

  Optional<ComponentSpec> apply(ComponentSpec spec, Optional<ComponentSpec> before) {
    Links.Put put = Links.put(spec.links(), link, replace);
    result = put;
    return switch (put) {
      case Links.Put.Conflict conflict -> before;
      case Links.Put.Stored(List<Link> links, boolean changed) -> {
        replaced =
            spec.links().stream().filter(existing -> Links.conflicts(existing, link)).toList();
        yield Optional.of(spec.withLinks(links).withGranted(link));
      }
    };
  }

  LatticeData.LinkWrite outcome(long revision) {
    return switch (result) {
      case Links.Put.Conflict(Link existing) -> new LatticeData.LinkWrite.Conflict(existing);
      case Links.Put.Stored(List<Link> links, boolean changed) ->
          new LatticeData.LinkWrite.Stored(revision, changed, replaced);
      case null -> throw new IllegalStateException("nothing was tried");
    };
  }
}
