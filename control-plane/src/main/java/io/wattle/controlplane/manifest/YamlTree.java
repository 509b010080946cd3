package io.wattle.controlplane.manifest;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML text to a {@link Tree}. The library resolves scalars by YAML 1.1, manifests are written for
 * YAML 1.2 readers: {@code on}, {@code yes} and {@code 1:30} are text.
 */
final class YamlTree {
  private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern NUMBER =
      Pattern.compile(
          "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
              + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");

  private final TreeReader.Budget budget = new TreeReader.Budget();

  private YamlTree() {}

  static Tree read(String text) throws ManifestSyntaxException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(TreeReader.MAX_LENGTH);
    options.setNestingDepthLimit(TreeReader.MAX_DEPTH + 2);
    options.setMaxAliasesForCollections(1000);
    try {
      Node node = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
      if (node == null) {
        throw new ManifestSyntaxException(Position.START, "the document is empty");
      }
      return new YamlTree().convert(node, 0);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      String problem = e.getProblem() == null ? "cannot be read" : e.getProblem();
      String context = e.getContext() == null ? "" : e.getContext() + ": ";
      throw new ManifestSyntaxException(position(mark), "not YAML: " + context + problem);
    } catch (YAMLException e) {
      throw new ManifestSyntaxException(Position.START, "not YAML: " + firstLine(e));
    } catch (StackOverflowError e) {
      throw new ManifestSyntaxException(Position.START, "not YAML: nested too deeply");
    }
  }

  private Tree convert(Node node, int depth) throws ManifestSyntaxException {
    Position at = position(node.getStartMark());
    budget.take(at, depth);
    return switch (node) {
      case ScalarNode scalar -> new Tree.Scalar(at, kind(scalar), scalar.getValue());
      case SequenceNode sequence -> {
        List<Tree> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(convert(item, depth + 1));
        }
        yield new Tree.Items(at, List.copyOf(items));
      }
      case MappingNode mapping -> {
        List<Tree.Field> fields = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
          Position keyAt = position(tuple.getKeyNode().getStartMark());
          if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            throw new ManifestSyntaxException(keyAt, "a key must be text, not a list or object");
          }
          fields.add(
              new Tree.Field(keyAt, key.getValue(), convert(tuple.getValueNode(), depth + 1)));
        }
        yield new Tree.Fields(at, List.copyOf(fields));
      }
      default -> throw new ManifestSyntaxException(at, "not YAML: unknown kind of value");
    };
  }

  private static Tree.ScalarKind kind(ScalarNode scalar) {
    // An explicit !!str on a plain scalar reads as STR; what looks like a number has another tag.
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN || scalar.getTag().equals(Tag.STR)) {
      return Tree.ScalarKind.TEXT;
    }
    String text = scalar.getValue();
    if (NULL.matcher(text).matches()) {
      return Tree.ScalarKind.NULL;
    }
    if (BOOLEAN.matcher(text).matches()) {
      return Tree.ScalarKind.BOOLEAN;
    }
    return NUMBER.matcher(text).matches() ? Tree.ScalarKind.NUMBER : Tree.ScalarKind.TEXT;
  }

  private static Position position(@Nullable Mark mark) {
    return mark == null ? Position.START : new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static String firstLine(YAMLException e) {
    String message = e.getMessage();
    return message == null ? "cannot be read" : message.lines().findFirst().orElse("");
  }
}
