package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.Definition;
import io.wattle.runtime.binary.ExternNameAst;
import io.wattle.wit.name.ExternName;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The names of one scope's imports or exports: well-formed, strongly unique (Explainer, "Name
 * Uniqueness"), their attributes and annotations in their places.
 */
final class Names {
  private final String what;
  private final Map<String, String> seen = new HashMap<>();
  private final AnnotatedNames annotated = new AnnotatedNames();

  private Names(String what) {
    this.what = what;
  }

  static Names imports() {
    return new Names("import name");
  }

  static Names exports() {
    return new Names("export name");
  }

  /** Adds the name of an import or export. */
  ExternName add(Definition where, ExternNameAst name) throws InvalidComponentException {
    ExternName parsed = parse(where, name.name());
    unique(where, parsed.uniqueKey(), name.name());
    String implemented = name.implemented();
    if (implemented != null) {
      if (implemented.isEmpty()) {
        throw Invalid.at(where, "the `implements` of `" + name.name() + "` is not a valid name");
      }
      if (!(parse(where, implemented) instanceof ExternName.Interface)) {
        throw Invalid.at(where, "`implements`: `" + implemented + "` must be an interface");
      }
      if (parsed instanceof ExternName.Interface) {
        throw Invalid.at(where, "name `" + name.name() + "` is not valid with `implements`");
      }
    }
    String suffix = name.versionSuffix();
    if (suffix != null) {
      Optional<String> full =
          parsed instanceof ExternName.Interface i ? i.withSuffix(suffix) : Optional.empty();
      if (full.isEmpty()) {
        throw Invalid.at(
            where,
            "`versionsuffix`: `"
                + suffix
                + "` does not complete the version of `"
                + name.name()
                + "` (expected: a canonical version before it, a semantic version with it)");
      }
    }
    return parsed;
  }

  private static ExternName parse(Definition where, String name) throws InvalidComponentException {
    try {
      return ExternName.parse(name);
    } catch (IllegalArgumentException e) {
      throw Invalid.at(where, String.valueOf(e.getMessage()));
    }
  }

  private void unique(Definition where, String key, String name) throws InvalidComponentException {
    String before = seen.putIfAbsent(key, name);
    if (before != null) {
      throw Invalid.at(
          where, what + " `" + name + "` conflicts with previous name `" + before + "`");
    }
  }

  /**
   * Checks what a name says about the item that has it; a resource may be annotated with from now
   * on.
   */
  void check(
      Definition where, ExternNameAst name, ExternName parsed, Item item, @Nullable Types types)
      throws InvalidComponentException {
    if (name.implemented() != null && !(item instanceof Item.Instance)) {
      throw Invalid.at(
          where, "only instances can have an `implements`: `" + name.name() + "` is none");
    }
    if (item instanceof Item.ResourceItem resource && parsed instanceof ExternName.Plain) {
      annotated.resource(resource, name.name());
    }
    if (parsed instanceof ExternName.Plain plain && plain.kind() != ExternName.Kind.LABEL) {
      if (!(item instanceof Item.Func func)) {
        throw Invalid.at(where, "`" + name.name() + "` is not a func");
      }
      if (types != null) {
        annotated.check(where, plain, func.type(), types);
      }
    }
  }

  /** Checks labels of a record, variant, enum, flags or parameter list. */
  static <T> void labels(Definition where, List<T> parts, Function<T, String> label, String what)
      throws InvalidComponentException {
    Names names = new Names(what + " name");
    for (T part : parts) {
      String text = label.apply(part);
      if (text.isEmpty()) {
        throw Invalid.at(where, what + " name cannot be empty");
      }
      if (!ExternName.isLabel(text)) {
        throw Invalid.at(where, what + " name `" + text + "` is not in kebab case");
      }
      names.unique(where, text.toLowerCase(Locale.ROOT), text);
    }
  }
}
