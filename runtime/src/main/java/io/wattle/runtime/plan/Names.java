package io.wattle.runtime.plan;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.binary.Definition;
import io.wattle.wit.name.ExternName;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Names of one scope: well-formed and strongly unique (Explainer, "Name Uniqueness"). */
final class Names {
  private final Map<String, String> seen = new HashMap<>();

  /** Adds the name of an import or export. */
  ExternName add(Definition where, String name) throws InvalidComponentException {
    ExternName parsed;
    try {
      parsed = ExternName.parse(name);
    } catch (IllegalArgumentException e) {
      throw Invalid.at(where, String.valueOf(e.getMessage()));
    }
    unique(where, parsed.uniqueKey(), name, "name");
    return parsed;
  }

  private void unique(Definition where, String key, String name, String what)
      throws InvalidComponentException {
    String before = seen.putIfAbsent(key, name);
    if (before != null) {
      throw Invalid.at(
          where, what + " `" + name + "` conflicts with previous name `" + before + "`");
    }
  }

  /** Checks labels of a record, variant, enum, flags or parameter list. */
  static <T> void labels(Definition where, List<T> parts, Function<T, String> label)
      throws InvalidComponentException {
    Names names = new Names();
    for (T part : parts) {
      String text = label.apply(part);
      if (!ExternName.isLabel(text)) {
        throw Invalid.at(where, "`" + text + "` is not in kebab case");
      }
      names.unique(where, text.toLowerCase(Locale.ROOT), text, "label");
    }
  }
}
