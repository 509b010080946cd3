package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Manifests that cannot be, shown with every problem and its place, before anything starts. */
@EnabledOnOs(OS.LINUX)
final class BrokenManifestTest {
  @Test
  void everyProblemWithItsPlace() throws Exception {
    try (Wattle wattle = Wattle.withHeap("256m")) {
      String manifest = Manifests.write(wattle.folder(), "broken.yaml", Map.of());
      for (String command : new String[] {"validate", "deploy"}) {
        Outcome outcome = wattle.run("app", command, "-o", "json", manifest).exits(1);
        JsonNode problems = outcome.json().path("problems");
        assertThat(problems.findValuesAsText("path"))
            .as(outcome::toString)
            .anyMatch(path -> path.equals("metadata.name"))
            .anyMatch(path -> path.startsWith("spec.components[0].traits[0]"))
            .anyMatch(path -> path.startsWith("spec.components[0].traits[1]"))
            .anyMatch(path -> path.startsWith("spec.components[1]"));
        for (JsonNode problem : problems) {
          assertThat(problem.path("line").asInt()).as(problem::toString).isPositive();
          assertThat(problem.path("message").asText()).isNotBlank();
        }
        JsonNode instances = problem(problems, "spec.components[0].traits[0].properties.instances");
        assertThat(instances.path("line").asInt()).isEqualTo(14);
        assertThat(instances.toString()).contains("many");
      }
      Proved.that("app validate and app deploy show every problem of a broken manifest");
    }
  }

  @Test
  void textThatIsNoYaml() throws Exception {
    try (Wattle wattle = Wattle.withHeap("256m")) {
      String manifest = Manifests.write(wattle.folder(), "not-yaml.yaml", Map.of());
      Outcome validate = wattle.run("app", "validate", manifest).exits(1);
      assertThat(validate.err()).containsPattern("not-yaml\\.yaml:[45]");
      Outcome up = wattle.run("up", "--nats-port", "0", manifest).exits(1);
      assertThat(up.err()).containsPattern("not-yaml\\.yaml:[45]");
      Outcome missing = wattle.run("app", "deploy", "no/such/file.yaml").exits(3);
      assertThat(missing.err()).contains("no/such/file.yaml");
      Proved.that("broken YAML is named with its line, and up starts nothing for it");
    }
  }

  private static JsonNode problem(JsonNode problems, String path) {
    for (JsonNode problem : problems) {
      if (problem.path("path").asText().equals(path)) {
        return problem;
      }
    }
    throw new AssertionError("no problem at " + path + " in " + problems);
  }
}
