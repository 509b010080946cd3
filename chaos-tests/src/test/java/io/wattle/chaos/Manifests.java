package io.wattle.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Manifests from the templates in the test resources. */
final class Manifests {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(guest:)?([a-z0-9-]+)}");

  private Manifests() {}

  /**
   * Writes a manifest.
   *
   * @param template {@code ${name}} becomes a value, {@code ${guest:name}} a guest's reference
   * @return the file, as an argument
   */
  static String write(Path folder, String template, Map<String, ?> values) throws IOException {
    Matcher matcher = VARIABLE.matcher(read(template));
    String text =
        matcher.replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group(1) == null
                        ? value(values, found.group(2))
                        : Repository.guest(found.group(2))));
    Path file = folder.resolve(template);
    Files.writeString(file, text);
    return file.toString();
  }

  private static String value(Map<String, ?> values, String name) {
    assertThat(values.keySet().stream().map(String::valueOf)).as("values").contains(name);
    return String.valueOf(values.get(name));
  }

  private static String read(String template) throws IOException {
    try (InputStream resource = Manifests.class.getResourceAsStream("/manifests/" + template)) {
      assertThat(resource).as(template).isNotNull();
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
