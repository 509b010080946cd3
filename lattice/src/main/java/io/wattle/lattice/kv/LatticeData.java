package io.wattle.lattice.kv;

import com.fasterxml.jackson.databind.JsonNode;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import io.wattle.lattice.Subscription;
import io.wattle.lattice.json.Json;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.LinkKey;
import io.wattle.lattice.link.Links;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bucket {@code LATTICEDATA_{lattice}}: specifications of components and providers with their
 * outgoing links, and claims (section 4.2). Fields we do not know survive.
 */
public final class LatticeData {
  private static final Logger LOG = LoggerFactory.getLogger(LatticeData.class);
  private static final String COMPONENT = "COMPONENT_";
  private static final String CLAIMS = "CLAIMS_";

  private final Bucket bucket;

  private LatticeData(Bucket bucket) {
    this.bucket = bucket;
  }

  /** Opens the bucket of the connection's lattice, makes it when it is not there. */
  public static LatticeData open(LatticeConnection connection, BucketOptions options)
      throws InterruptedException {
    return new LatticeData(Bucket.open(connection, "LATTICEDATA_" + connection.lattice(), options));
  }

  /** The bucket. */
  public Bucket bucket() {
    return bucket;
  }

  /** The specification of a component or provider. */
  public Optional<Versioned<ComponentSpec>> spec(String id) throws InterruptedException {
    return bucket.get(COMPONENT + id).map(e -> new Versioned<>(read(id, e.value()), e.revision()));
  }

  /** All specifications by id. One that cannot be read is logged and left out. */
  public Map<String, Versioned<ComponentSpec>> specs() throws InterruptedException {
    Map<String, Versioned<ComponentSpec>> specs = new LinkedHashMap<>();
    bucket
        .entries()
        .forEach(
            (key, entry) -> {
              if (key.startsWith(COMPONENT)) {
                String id = key.substring(COMPONENT.length());
                tryRead(id, entry.value())
                    .ifPresent(spec -> specs.put(id, new Versioned<>(spec, entry.revision())));
              }
            });
    return specs;
  }

  /** The specification; written with this url when there is none yet. */
  public Versioned<ComponentSpec> specOrCreate(String id, String url) throws InterruptedException {
    return modify(
        id, before -> before.isPresent() ? before : Optional.of(ComponentSpec.EMPTY.withUrl(url)));
  }

  /** Changes a specification ({@link ComponentSpec#EMPTY} when there is none). */
  public Versioned<ComponentSpec> update(String id, UnaryOperator<ComponentSpec> change)
      throws InterruptedException {
    return modify(id, before -> Optional.of(change.apply(before.orElse(ComponentSpec.EMPTY))));
  }

  /** Writes only if the specification changed; {@code change} may be called several times. */
  private Versioned<ComponentSpec> modify(String id, UnaryOperator<Optional<ComponentSpec>> change)
      throws InterruptedException {
    Optional<Versioned<byte[]>> after =
        bucket.modify(
            COMPONENT + id,
            json -> {
              Optional<ComponentSpec> before = json.map(bytes -> read(id, bytes));
              Optional<ComponentSpec> wanted = change.apply(before);
              return wanted.equals(before) ? Optional.empty() : wanted.map(Json::write);
            });
    return after
        .map(e -> new Versioned<>(read(id, e.value()), e.revision()))
        .orElseGet(() -> new Versioned<>(ComponentSpec.EMPTY, 0));
  }

  /**
   * Deletes a specification with its links.
   *
   * @return whether there was one
   */
  public boolean delete(String id) throws InterruptedException {
    boolean there = bucket.get(COMPONENT + id).isPresent();
    if (there) {
      bucket.delete(COMPONENT + id);
    }
    return there;
  }

  /** Puts a link by the rules of {@link Links#put}; the revision when it was stored. */
  public LinkWrite putLink(Link link, boolean replace) throws InterruptedException {
    LinkPut put = new LinkPut(link, replace);
    Versioned<ComponentSpec> after =
        modify(link.sourceId(), before -> put.apply(before.orElse(ComponentSpec.EMPTY), before));
    return put.outcome(after.revision());
  }

  /**
   * Deletes the first link with this key, and notes who did.
   *
   * @return the one that was deleted
   */
  public Optional<Link> deleteLink(LinkKey key, String by) throws InterruptedException {
    List<Link> deleted = new java.util.ArrayList<>();
    modify(
        key.sourceId(),
        before -> {
          deleted.clear();
          return before.map(
              spec -> {
                Links.find(spec.links(), key).ifPresent(deleted::add);
                ComponentSpec after = spec.withLinks(Links.delete(spec.links(), key));
                return deleted.isEmpty() ? after : after.withRevoked(deleted.getFirst(), by);
              });
        });
    return deleted.stream().findFirst();
  }

  /** All links of all sources. */
  public List<Link> links() throws InterruptedException {
    return specs().values().stream().flatMap(spec -> spec.value().links().stream()).toList();
  }

  /** Stores claims under the subject they are about (section 4.2). */
  public void putClaims(String subject, Map<String, ?> claims) throws InterruptedException {
    bucket.put(CLAIMS + subject, Json.write(claims));
  }

  /** All claims by the subject they are about. */
  public Map<String, JsonNode> claims() throws InterruptedException {
    Map<String, JsonNode> claims = new LinkedHashMap<>();
    bucket
        .entries()
        .forEach(
            (key, entry) -> {
              if (key.startsWith(CLAIMS)) {
                claims.put(key.substring(CLAIMS.length()), Json.tree(entry.value(), key));
              }
            });
    return claims;
  }

  /** Tells what is there and every change. */
  public Subscription watch(Listener listener) throws InterruptedException {
    return bucket.watch(">", new Adapter(listener));
  }

  private static ComponentSpec read(String id, byte[] json) {
    return Json.read(json, ComponentSpec.class, "specification of " + id);
  }

  private static Optional<ComponentSpec> tryRead(String id, byte[] json) {
    try {
      return Optional.of(read(id, json));
    } catch (LatticeException e) {
      LOG.warn("skipped: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** What became of a link put. */
  public sealed interface LinkWrite {
    /** It is there; {@code replaced} are the links that had to go. */
    record Stored(long revision, boolean changed, List<Link> replaced) implements LinkWrite {}

    /** Refused: {@code existing} leads elsewhere. */
    record Conflict(Link existing) implements LinkWrite {}
  }

  /** Hears of specifications and claims. */
  public interface Listener {
    /** A specification as it is now. */
    void spec(String id, ComponentSpec spec, long revision);

    /** A specification is gone. */
    void specDeleted(String id, long revision);

    /** Claims as they are now. */
    default void claims(String subject, JsonNode claims) {}

    /** Claims are gone. */
    default void claimsDeleted(String subject) {}

    /** What was there at the start has been told. */
    default void current() {}
  }

  private record Adapter(Listener listener) implements BucketListener {
    @Override
    public void put(String key, byte[] value, long revision) {
      if (key.startsWith(COMPONENT)) {
        String id = key.substring(COMPONENT.length());
        tryRead(id, value).ifPresent(spec -> listener.spec(id, spec, revision));
      } else if (key.startsWith(CLAIMS)) {
        listener.claims(key.substring(CLAIMS.length()), Json.tree(value, key));
      }
    }

    @Override
    public void deleted(String key, long revision) {
      if (key.startsWith(COMPONENT)) {
        listener.specDeleted(key.substring(COMPONENT.length()), revision);
      } else if (key.startsWith(CLAIMS)) {
        listener.claimsDeleted(key.substring(CLAIMS.length()));
      }
    }

    @Override
    public void current() {
      listener.current();
    }
  }
}
