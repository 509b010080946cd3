package io.wattle.host.component;

import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.http.HttpCodec;
import io.wattle.lattice.keyvalue.WatcherClient;
import io.wattle.lattice.wrpc.AsyncShapeResolver;
import io.wattle.lattice.wrpc.AsyncShapes;
import io.wattle.runtime.Component;
import io.wattle.wit.type.FunctionType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A function of a component that others can call, and its name on the wire (sections 6.7, 8.2).
 *
 * @param instance as exported, with version
 * @param function as exported
 * @param wireInstance differs for the substituted WASI interfaces
 * @param kind what its parameters are on the wire
 */
record ExportedFunction(
    String instance, String function, String wireInstance, String wireFunction, Kind kind) {
  private static final Logger LOG = LoggerFactory.getLogger(ExportedFunction.class);
  private static final String INCOMING_HTTP = "wasi:http/incoming-handler@0.2.";
  private static final String WATCHER = "wasi:keyvalue/watcher@0.2.0-draft";

  /** What its parameters are on the wire. */
  enum Kind {
    /** As they are. */
    VALUES,
    /** An HTTP request. */
    HTTP,
    /** As they are, but with a name for the bucket. */
    WATCHER
  }

  /** All of a component's; what cannot cross a link is left out with a warning. */
  static List<ExportedFunction> of(String id, Component component) {
    List<ExportedFunction> functions = new ArrayList<>();
    plain(id, "", component.exportedFunctions(""), functions);
    for (String export : component.exports()) {
      Map<String, FunctionType> exported = component.exportedFunctions(export);
      if (export.startsWith(INCOMING_HTTP)) {
        // What serves requests also serves those that another component sends out over a link.
        for (String wire : List.of(HttpCodec.INCOMING, HttpCodec.OUTGOING)) {
          functions.add(new ExportedFunction(export, "handle", wire, HttpCodec.HANDLE, Kind.HTTP));
        }
      } else if (export.equals(WATCHER)) {
        for (String name : exported.keySet()) {
          functions.add(
              new ExportedFunction(export, name, WatcherClient.WATCHER, name, Kind.WATCHER));
        }
      } else if (!export.isEmpty()) {
        plain(id, export, exported, functions);
      }
    }
    return functions;
  }

  /** Where its parameters and results have streams. */
  AsyncShapes shapes(String id) {
    return AsyncShapeResolver.standard().shapes(new CallTarget(id, wireInstance, wireFunction));
  }

  private static void plain(
      String id,
      String instance,
      Map<String, FunctionType> exported,
      List<ExportedFunction> functions) {
    exported.forEach(
        (name, type) -> {
          if (LinkableTypes.isLinkable(type)) {
            functions.add(new ExportedFunction(instance, name, instance, name, Kind.VALUES));
          } else {
            LOG.warn(
                "{}: {} {} is not offered to others, since resources and streams do not cross"
                    + " links",
                id,
                instance,
                name);
          }
        });
  }
}
