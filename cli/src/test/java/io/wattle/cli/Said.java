package io.wattle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command said. */
public record Said(int exitCode, String out, String err) {
  /** Runs a command in this process. */
  public static Said by(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Said(exitCode, out.toString(), err.toString());
  }

  /** The one JSON document on stdout. */
  public JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out);
  }
}
