package io.wattle.providers.blobstore;

import io.micrometer.core.instrument.Counter;
import io.wattle.lattice.blobstore.BlobException;
import io.wattle.lattice.blobstore.BlobFunctions;
import io.wattle.lattice.blobstore.BlobStore;
import io.wattle.lattice.blobstore.ObjectId;
import io.wattle.lattice.blobstore.ObjectInfo;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.providers.LinkException;
import io.wattle.providers.Provider;
import io.wattle.providers.ProviderContext;
import io.wattle.providers.ProviderExport;
import io.wattle.providers.ProviderLink;
import io.wattle.wit.io.BytePipe;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blobs in files ({@code wasi:blobstore}): the config of a link names the directory ({@code root}),
 * and its source sees nothing else. The settings are those of wasmCloud's provider (lattice
 * reference, section 7.8), but that there is no directory when none is named.
 */
final class BlobstoreFs implements Provider {
  /** Whose directory: a source has what its own links name. */
  private record Opened(String sourceId, String linkName) {}

  private final ProviderContext context;
  private final Map<ProviderLink.Key, ProviderLink> links = new ConcurrentHashMap<>();
  private final Map<Opened, Folder> folders = new ConcurrentHashMap<>();
  private final List<ProviderExport> exports;
  private volatile Map<String, String> config;

  BlobstoreFs(ProviderContext context) {
    this.context = context;
    this.config = context.config();
    this.exports =
        BlobFunctions.of(new Store()).stream()
            .map(
                f ->
                    new ProviderExport(
                        BlobFunctions.BLOBSTORE, f.name(), f.parameters(), f.handler()))
            .toList();
  }

  @Override
  public List<ProviderExport> exports() {
    return exports;
  }

  @Override
  public void putLink(ProviderLink link) throws LinkException {
    if (!link.target().equals(context.providerId())) {
      throw new LinkException(
          "link to " + link.target() + ": blobstore-fs can only be a link's target");
    }
    if (link.equals(links.get(link.key()))) {
      return;
    }
    folders.put(new Opened(link.sourceId(), link.name()), folder(link));
    links.put(link.key(), link);
  }

  private Folder folder(ProviderLink link) throws LinkException {
    Map<String, String> settings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    settings.putAll(config);
    settings.putAll(link.targetConfig());
    String root = settings.getOrDefault("root", "").strip();
    if (root.isEmpty()) {
      throw new LinkException(
          "link from "
              + link.sourceId()
              + ": no root in its target config (expected: root, a directory of this host)");
    }
    try {
      Path path = Path.of(root);
      if (!path.isAbsolute()) {
        throw new LinkException("root: " + root + " (expected: an absolute path)");
      }
      return Folder.at(path);
    } catch (IOException | InvalidPathException e) {
      throw new LinkException("root: " + root + " cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public void deleteLink(ProviderLink.Key key) {
    if (links.remove(key) != null) {
      folders.remove(new Opened(key.sourceId(), key.name()));
    }
  }

  @Override
  public void updateConfig(Map<String, String> update) {
    config = Map.copyOf(update);
  }

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  public void close() {
    folders.clear();
  }

  private void count(String way, Optional<String> error) {
    Counter.builder("wattle.blobstore.objects")
        .description("objects that were read and written, by how it ended")
        .tag("provider", context.providerId())
        .tag("way", way)
        .tag("outcome", error.isEmpty() ? "whole" : "failed")
        .register(context.metrics())
        .increment();
  }

  /** The store that callers see: it finds their directory by who they are and their link. */
  private final class Store implements BlobStore {
    private Folder folder(CallContext call) throws CallException {
      Folder folder = folders.get(new Opened(call.sourceId(), call.linkName()));
      if (folder == null) {
        throw Provider.notLinked("wasi:blobstore/blobstore", call.sourceId());
      }
      return folder;
    }

    @Override
    public void clear(CallContext call, String container) throws BlobException, CallException {
      folder(call).remove(container, false);
    }

    @Override
    public boolean exists(CallContext call, String container) throws BlobException, CallException {
      return folder(call).exists(container);
    }

    @Override
    public void create(CallContext call, String container) throws BlobException, CallException {
      folder(call).create(container);
    }

    @Override
    public void delete(CallContext call, String container) throws BlobException, CallException {
      folder(call).remove(container, true);
    }

    @Override
    public long created(CallContext call, String container) throws BlobException, CallException {
      return folder(call).created(container);
    }

    @Override
    public List<String> list(
        CallContext call, String container, OptionalLong limit, OptionalLong offset)
        throws BlobException, CallException {
      return folder(call).list(container, limit, offset);
    }

    @Override
    public void copy(CallContext call, ObjectId from, ObjectId to)
        throws BlobException, CallException {
      folder(call).copy(from, to);
    }

    @Override
    public void move(CallContext call, ObjectId from, ObjectId to)
        throws BlobException, CallException {
      folder(call).move(from, to);
    }

    @Override
    public void deleteObjects(CallContext call, String container, List<String> objects)
        throws BlobException, CallException {
      folder(call).delete(container, objects);
    }

    @Override
    public boolean has(CallContext call, ObjectId id) throws BlobException, CallException {
      return folder(call).has(id);
    }

    @Override
    public ObjectInfo info(CallContext call, ObjectId id) throws BlobException, CallException {
      return folder(call).info(id);
    }

    @Override
    public Reading read(CallContext call, ObjectId id, long start, long end)
        throws BlobException, CallException {
      if (Long.compareUnsigned(start, end) > 0) {
        throw new BlobException(
            "start "
                + Long.toUnsignedString(start)
                + " is behind end "
                + Long.toUnsignedString(end)
                + " (both inclusive)");
      }
      FileChannel file = folder(call).read(id);
      Reading reading = new Reading(new BytePipe(), new CompletableFuture<>());
      Transfers.start(
          "blob-read-" + call.sourceId(),
          () -> {
            Optional<String> error =
                Transfers.read(file, start, end, reading.bytes(), call.deadline());
            count("read", error);
            reading.outcome().complete(error);
          });
      return reading;
    }

    @Override
    public CompletableFuture<Optional<String>> write(CallContext call, ObjectId id, BytePipe bytes)
        throws BlobException, CallException {
      Folder folder = folder(call);
      Path unfinished = folder.begin(id);
      CompletableFuture<Optional<String>> outcome = new CompletableFuture<>();
      Transfers.start(
          "blob-write-" + call.sourceId(),
          () -> {
            Optional<String> error =
                Transfers.write(bytes, folder, unfinished, id, call.deadline());
            count("write", error);
            outcome.complete(error);
          });
      return outcome;
    }
  }
}
