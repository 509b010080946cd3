package io.wattle.controlplane.manifest;

import java.util.List;

/** Rules 12 to 14: every secret names a policy that is one for secrets and has a backend. */
final class SecretRules {
  private static final String TYPE = "policy.secret.wasmcloud.dev/v1alpha1";

  private final Manifest manifest;
  private final List<Problem> problems;

  SecretRules(Manifest manifest, List<Problem> problems) {
    this.manifest = manifest;
    this.problems = problems;
  }

  void check() {
    manifest.components().stream().flatMap(ManifestParts::secrets).forEach(this::check);
  }

  private void check(Manifest.Secret secret) {
    Manifest.Policy policy =
        manifest.policies().stream()
            .filter(p -> p.name().equals(secret.policy()))
            .findFirst()
            .orElse(null);
    String start = "secret '%s' is mapped to ".formatted(secret.name());
    if (policy == null) {
      error(14, secret, start + "unknown policy '" + secret.policy() + "'");
    } else if (!policy.type().equals(TYPE)) {
      error(
          12,
          secret,
          start
              + "policy '%s' which is not a secret policy. Expected type '%s'"
                  .formatted(policy.name(), TYPE));
    } else if (!policy.properties().containsKey("backend")) {
      error(
          13,
          secret,
          start
              + "policy '%s' which does not include a 'backend' property".formatted(policy.name()));
    }
  }

  private void error(int rule, Manifest.Secret secret, String message) {
    problems.add(Problem.error(rule, secret.place(), message).wadm(rule, message));
  }
}
