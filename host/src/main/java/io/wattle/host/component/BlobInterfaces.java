package io.wattle.host.component;

import io.wattle.lattice.blobstore.BlobClient;
import io.wattle.lattice.blobstore.BlobException;
import io.wattle.lattice.blobstore.BlobStore;
import io.wattle.lattice.blobstore.ObjectId;
import io.wattle.lattice.blobstore.ObjectInfo;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.runtime.Component;
import io.wattle.runtime.host.HostCall;
import io.wattle.runtime.host.HostFunction;
import io.wattle.runtime.host.HostInterface;
import io.wattle.runtime.host.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code wasi:blobstore} 0.2.0-draft for one component: containers are names, every operation is a
 * {@code wrpc:blobstore} call over the component's link for {@code blobstore} (section 6.7). What
 * goes wrong on the way is an error with its text.
 */
final class BlobInterfaces {
  private static final String BLOBSTORE = "wasi:blobstore/blobstore@0.2.0-draft";
  private static final String CONTAINER = "wasi:blobstore/container@0.2.0-draft";
  private static final String TYPES = "wasi:blobstore/types@0.2.0-draft";

  /** Whether a component says when a value is whole. */
  static boolean finishes(Component component) {
    return component.imports().stream()
        .filter(name -> name.startsWith("wasi:blobstore/types@"))
        .anyMatch(name -> component.importedFunctions(name).containsKey(FINISH));
  }

  /** The function by which a component says that a value is whole. */
  private static final String FINISH = "[static]outgoing-value.finish";

  private final ComponentLinks links;
  private final boolean finishes;

  private BlobInterfaces(ComponentLinks links, boolean finishes) {
    this.links = links;
    this.finishes = finishes;
  }

  /**
   * All three.
   *
   * @param finishes whether the component says when a value is whole. One that cannot, because it
   *     was made for a text of the interface without {@code finish}, says it by dropping the value.
   */
  static List<HostInterface> all(ComponentLinks links, boolean finishes) {
    BlobInterfaces blobs = new BlobInterfaces(links, finishes);
    return List.of(blobs.blobstore(), blobs.container(), blobs.types());
  }

  private HostInterface blobstore() {
    return HostInterface.named(BLOBSTORE)
        .function(
            "create-container",
            on(
                (call, store, context, args) -> {
                  store.create(context, text(args[0]));
                  return new Container(text(args[0]));
                }))
        .function(
            "get-container",
            on(
                (call, store, context, args) -> {
                  if (!store.exists(context, text(args[0]))) {
                    throw new BlobException("no container " + args[0]);
                  }
                  return new Container(text(args[0]));
                }))
        .function(
            "delete-container",
            on(
                (call, store, context, args) -> {
                  store.delete(context, text(args[0]));
                  return null;
                }))
        .function(
            "container-exists",
            on((call, store, context, args) -> store.exists(context, text(args[0]))))
        .function(
            "copy-object",
            on(
                (call, store, context, args) -> {
                  store.copy(context, id(args[0]), id(args[1]));
                  return null;
                }))
        .function(
            "move-object",
            on(
                (call, store, context, args) -> {
                  store.move(context, id(args[0]), id(args[1]));
                  return null;
                }))
        .build();
  }

  private HostInterface container() {
    HostInterface.Builder container = HostInterface.named(CONTAINER).resource("container");
    objects(container);
    return container
        .function("[method]container.name", (call, args) -> Result.ok(name(args[0])))
        .function(
            "[method]container.info",
            on(
                (call, store, context, args) ->
                    new Object[] {name(args[0]), store.created(context, name(args[0]))}))
        .function(
            "[method]container.clear",
            on(
                (call, store, context, args) -> {
                  store.clear(context, name(args[0]));
                  return null;
                }))
        .function(
            "[method]container.list-objects",
            on((call, store, context, args) -> BlobNames.open(store, context, name(args[0]))))
        .resource("stream-object-names")
        .function(
            "[method]stream-object-names.read-stream-object-names",
            on((call, store, context, args) -> ((BlobNames) args[0]).read(context, (Long) args[1])))
        .function(
            "[method]stream-object-names.skip-stream-object-names",
            on((call, store, context, args) -> ((BlobNames) args[0]).skip(context, (Long) args[1])))
        .build();
  }

  private void objects(HostInterface.Builder container) {
    container
        .function(
            "[method]container.get-data",
            on(
                (call, store, context, args) ->
                    IncomingBlob.open(
                        call,
                        store,
                        context,
                        object(args),
                        new IncomingBlob.Range((Long) args[2], (Long) args[3]))))
        .function(
            "[method]container.write-data",
            on(
                (call, store, context, args) -> {
                  ((OutgoingBlob) args[2]).send(store, context, object(args));
                  return null;
                }))
        .function(
            "[method]container.delete-object",
            on(
                (call, store, context, args) -> {
                  store.deleteObjects(context, name(args[0]), List.of(text(args[1])));
                  return null;
                }))
        .function(
            "[method]container.delete-objects",
            on(
                (call, store, context, args) -> {
                  List<String> names =
                      ((List<?>) args[1]).stream().map(String.class::cast).toList();
                  store.deleteObjects(context, name(args[0]), names);
                  return null;
                }))
        .function(
            "[method]container.has-object",
            on((call, store, context, args) -> store.has(context, object(args))))
        .function(
            "[method]container.object-info",
            on(
                (call, store, context, args) -> {
                  ObjectInfo info = store.info(context, object(args));
                  return new Object[] {text(args[1]), name(args[0]), info.createdAt(), info.size()};
                }));
  }

  private HostInterface types() {
    return HostInterface.named(TYPES)
        .resource("outgoing-value", object -> ((OutgoingBlob) object).dropped())
        .function(
            "[static]outgoing-value.new-outgoing-value",
            (call, args) -> OutgoingBlob.open(call, finishes))
        .function(
            "[method]outgoing-value.outgoing-value-write-body",
            (call, args) -> ((OutgoingBlob) args[0]).body())
        .function(FINISH, (call, args) -> ((OutgoingBlob) args[0]).finish(call))
        .resource("incoming-value", object -> ((IncomingBlob) object).dropped())
        .function(
            "[static]incoming-value.incoming-value-consume-sync",
            (call, args) -> ((IncomingBlob) args[0]).whole(call))
        .function(
            "[static]incoming-value.incoming-value-consume-async",
            (call, args) -> ((IncomingBlob) args[0]).stream())
        .function("[method]incoming-value.size", (call, args) -> ((IncomingBlob) args[0]).size())
        .build();
  }

  private HostFunction on(Operation operation) {
    return (call, args) -> {
      try {
        ComponentLinks.Route route = links.route(call.task(), BLOBSTORE);
        BlobClient store = new BlobClient(links.calls(), route.target());
        return Result.ok(operation.run(call, store, route.context(), args));
      } catch (CallException | BlobException e) {
        return Result.err(String.valueOf(e.getMessage()));
      }
    };
  }

  private static String text(Object argument) {
    return (String) argument;
  }

  private static String name(Object container) {
    return ((Container) container).name();
  }

  private static ObjectId object(Object[] args) {
    return new ObjectId(name(args[0]), text(args[1]));
  }

  private static ObjectId id(Object record) {
    Object[] fields = (Object[]) record;
    return new ObjectId(text(fields[0]), text(fields[1]));
  }

  /** A container, which was there when it was opened. */
  private record Container(String name) {}

  /** One function of the interfaces, after the link was found. */
  @FunctionalInterface
  private interface Operation {
    @Nullable Object run(HostCall call, BlobStore store, CallContext context, Object[] args)
        throws BlobException, CallException, InterruptedException;
  }
}
