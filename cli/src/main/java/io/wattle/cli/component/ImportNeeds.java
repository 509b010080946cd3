package io.wattle.cli.component;

import io.wattle.runtime.host.HostInterfaces;
import io.wattle.runtime.wasi.Wasi;
import io.wattle.runtime.wasi.WasiOptions;

/** What serves an import of a component on a host. */
final class ImportNeeds {
  private static final HostInterfaces WASI = Wasi.interfaces(WasiOptions.builder().build());

  /** Of an import that no host can serve yet. */
  static final String NOTHING_YET = "nothing yet: WASI 0.3, streams and futures are not served";

  private ImportNeeds() {}

  /** In a few words. */
  static String of(String imported) {
    if (imported.startsWith("wasmcloud:bus/")) {
      return "every host";
    }
    if (imported.startsWith("wasi:blobstore/")
        && !imported.startsWith("wasi:blobstore/blobstore")) {
      return "what serves wasi:blobstore/blobstore";
    }
    boolean http = imported.startsWith("wasi:http/outgoing-handler");
    if (!http && WASI.find(imported) != null) {
      return withOptions(imported);
    }
    return link(imported) + (http ? "; `wattle run` and `serve`: --allow-net" : "");
  }

  private static String link(String imported) {
    int colon = imported.indexOf(':');
    int slash = imported.indexOf('/');
    if (colon < 0 || slash < colon) {
      return "nothing: functions of the world itself cannot be linked";
    }
    int at = imported.indexOf('@', slash);
    return "a link: namespace %s, package %s, interface %s"
            .formatted(
                imported.substring(0, colon),
                imported.substring(colon + 1, slash),
                at < 0 ? imported.substring(slash + 1) : imported.substring(slash + 1, at))
        + ", to "
        + server(imported, imported.substring(0, slash));
  }

  private static String server(String imported, String ofPackage) {
    return switch (ofPackage) {
      case "wasi:keyvalue" -> "keyvalue-nats or keyvalue-redis";
      case "wasi:blobstore" -> "blobstore-fs";
      case "wasmcloud:messaging" -> "messaging-nats";
      default ->
          imported.startsWith("wasi:http/outgoing-handler")
              ? "http-client"
              : "a component that exports it, or a provider";
    };
  }

  private static String withOptions(String imported) {
    if (imported.startsWith("wasi:filesystem/")) {
      return "every host, without a file; `wattle run` and `serve`: --dir";
    }
    if (imported.startsWith("wasi:sockets/")) {
      return "every host, refused; `wattle run` and `serve`: --allow-net, --allow-listen";
    }
    return "every host";
  }
}
