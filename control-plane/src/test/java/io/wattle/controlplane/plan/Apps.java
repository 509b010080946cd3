package io.wattle.controlplane.plan;

import io.wattle.controlplane.manifest.Format;
import io.wattle.controlplane.manifest.Manifest;
import io.wattle.controlplane.manifest.ManifestParser;
import io.wattle.controlplane.manifest.ParsedManifest;
import java.util.Map;

/** Applications for tests, from manifests. */
final class Apps {
  private Apps() {}

  static final String COUNTER =
      """
      apiVersion: core.oam.dev/v1beta1
      kind: Application
      metadata: {name: counter}
      spec:
        components:
          - name: counter
            type: component
            properties: {image: "file:///counter.wasm"}
            traits:
              - type: spreadscaler
                properties: {instances: 4}
              - type: link
                properties:
                  target: {name: kv, config: [{name: bucket, properties: {bucket: b}}]}
                  namespace: wasi
                  package: keyvalue
                  interfaces: [store, atomics]
          - name: kv
            type: capability
            properties: {image: "ghcr.io/wasmcloud/keyvalue-nats:0.3.1"}
          - name: web
            type: capability
            properties:
              image: ghcr.io/wasmcloud/http-server:0.27.0
              config: [{name: defaults, properties: {a: "1"}}]
            traits:
              - type: link
                properties:
                  target: counter
                  namespace: wasi
                  package: http
                  interfaces: [incoming-handler]
                  source: {config: [{name: address, properties: {address: "127.0.0.1:8080"}}]}
      """;

  static Manifest manifest(String yaml) {
    return switch (ManifestParser.parse(yaml, Format.YAML)) {
      case ParsedManifest.Accepted accepted -> accepted.manifest();
      case ParsedManifest.Rejected rejected -> throw new AssertionError(rejected.problems());
    };
  }

  static DesiredApp app(String yaml) {
    return app(yaml, DesiredApp.Leftovers.NONE);
  }

  static DesiredApp app(String yaml, DesiredApp.Leftovers leftovers) {
    return Applications.of(manifest(yaml), "v1", 1, leftovers);
  }

  /** One component with this spread, as flow YAML. */
  static String spread(long instances, String spread) {
    return """
    apiVersion: core.oam.dev/v1beta1
    kind: Application
    metadata: {name: one}
    spec:
      components:
        - name: c
          type: component
          properties: {image: "file:///c.wasm"}
          traits:
            - {type: spreadscaler, properties: {instances: %d, spread: %s}}
    """
        .formatted(instances, spread);
  }

  static String provider(long instances, String spread) {
    return spread(instances, spread).replace("type: component", "type: capability");
  }

  static Map<String, String> labels(String... keysAndValues) {
    Map<String, String> labels = new java.util.HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      labels.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return labels;
  }
}
