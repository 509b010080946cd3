package io.wattle.controlplane.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What became of the text of a manifest. */
public sealed interface ParsedManifest {
  /** Everything found, errors and warnings, in the order of the text. */
  List<Problem> problems();

  /**
   * A manifest without errors.
   *
   * @param document the manifest as JSON with every field that was written, known or not
   */
  record Accepted(Manifest manifest, ObjectNode document, List<Problem> problems)
      implements ParsedManifest {
    public Accepted {
      problems = List.copyOf(problems);
    }
  }

  /**
   * A manifest with at least one error.
   *
   * @param wadmMessage what wadm would have answered: its first error
   */
  record Rejected(String wadmMessage, List<Problem> problems) implements ParsedManifest {
    public Rejected {
      problems = List.copyOf(problems);
    }
  }
}
