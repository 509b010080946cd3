package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;

/** What a command said, and how it ended. */
record Outcome(List<String> arguments, int exit, String out, String err, Duration took) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The same, after a check of the exit code that shows everything when it is another. */
  Outcome exits(int expected) {
    assertThat(exit).as(this::toString).isEqualTo(expected);
    assertThat(err).as("stderr of " + arguments).doesNotContain("\tat io.wattle");
    return this;
  }

  /** The envelope on stdout. */
  JsonNode json() {
    try {
      return MAPPER.readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not one JSON envelope on stdout: " + this, e);
    }
  }

  /** The envelope's message of a failure. */
  String failure() {
    JsonNode json = json();
    assertThat(json.path("success").asBoolean(true)).as(this::toString).isFalse();
    return json.path("error").path("message").asText();
  }

  @Override
  public String toString() {
    return "wattle %s -> exit %d after %d ms%nstdout: %s%nstderr: %s"
        .formatted(String.join(" ", arguments), exit, took.toMillis(), out, err);
  }
}
