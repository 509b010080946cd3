package io.wattle.controlplane.manifest;

/** The two ways a manifest may be written. */
public enum Format {
  /** YAML 1.2 scalars, one document; a JSON document is read as JSON for its better messages. */
  YAML,
  /** JSON as in RFC 8259. */
  JSON
}
