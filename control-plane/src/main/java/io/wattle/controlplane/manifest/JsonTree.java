package io.wattle.controlplane.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON text to a {@link Tree}. */
final class JsonTree {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(TreeReader.MAX_DEPTH + 2)
                  .maxStringLength(TreeReader.MAX_LENGTH)
                  .build())
          .build();

  private final JsonParser parser;
  private final TreeReader.Budget budget = new TreeReader.Budget();

  private JsonTree(JsonParser parser) {
    this.parser = parser;
  }

  static Tree read(String text) throws ManifestSyntaxException {
    try (JsonParser parser = JSON.createParser(text)) {
      Tree tree = new JsonTree(parser).value(parser.nextToken(), 0);
      if (parser.nextToken() != null) {
        throw new ManifestSyntaxException(
            position(parser.currentTokenLocation()), "there is more text after the JSON document");
      }
      return tree;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new ManifestSyntaxException(
          at == null ? Position.START : position(at), "not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new ManifestSyntaxException(Position.START, "not JSON: " + e.getMessage());
    }
  }

  private Tree value(@Nullable JsonToken token, int depth)
      throws IOException, ManifestSyntaxException {
    Position at = position(parser.currentTokenLocation());
    budget.take(at, depth);
    if (token == null) {
      return new Tree.Scalar(at, Tree.ScalarKind.NULL, "");
    }
    if (token == JsonToken.START_OBJECT) {
      List<Tree.Field> fields = new ArrayList<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        Position keyAt = position(parser.currentTokenLocation());
        String key = parser.currentName();
        fields.add(new Tree.Field(keyAt, key, value(parser.nextToken(), depth + 1)));
      }
      return new Tree.Fields(at, List.copyOf(fields));
    }
    if (token == JsonToken.START_ARRAY) {
      List<Tree> items = new ArrayList<>();
      for (JsonToken next = parser.nextToken();
          next != JsonToken.END_ARRAY;
          next = parser.nextToken()) {
        items.add(value(next, depth + 1));
      }
      return new Tree.Items(at, List.copyOf(items));
    }
    return new Tree.Scalar(at, kind(token), parser.getText());
  }

  private static Tree.ScalarKind kind(JsonToken token) {
    if (token.isNumeric()) {
      return Tree.ScalarKind.NUMBER;
    }
    if (token.isBoolean()) {
      return Tree.ScalarKind.BOOLEAN;
    }
    return token == JsonToken.VALUE_NULL ? Tree.ScalarKind.NULL : Tree.ScalarKind.TEXT;
  }

  private static Position position(JsonLocation at) {
    return new Position(Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
  }
}
