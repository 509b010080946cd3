package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.InvalidModuleException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Endive's parser and validator meet some broken modules with whatever Java throws there. Where it
 * was thrown says what is wrong with the module.
 */
final class ParserFailure {
  private static final String ENDIVE = "run.endive.wasm.";
  private static final Pattern SECTION = Pattern.compile("parse(\\w+)Section");

  private ParserFailure() {}

  static InvalidModuleException explain(RuntimeException thrown) {
    List<StackTraceElement> frames =
        Arrays.stream(thrown.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith(ENDIVE))
            .toList();
    // HotSpot leaves out the trace of what is thrown often.
    String rule = frames.isEmpty() ? "" : rule(frames.getFirst(), thrown);
    boolean malformed =
        frames.stream().noneMatch(frame -> frame.getClassName().equals(ENDIVE + "Validator"));
    return new InvalidModuleException(
        "core module: "
            + frames.stream()
                .map(ParserFailure::section)
                .filter(section -> !section.isEmpty())
                .findFirst()
                .orElse("")
            + (rule.isEmpty() ? "something in it is cut short or refers to nothing" : rule),
        thrown,
        malformed);
  }

  private static String section(StackTraceElement frame) {
    Matcher section = SECTION.matcher(frame.getMethodName());
    return section.matches()
        ? section.group(1).toLowerCase(Locale.ROOT) + " section: "
        : frame.getMethodName().equals("validateFunction") ? "code section: " : "";
  }

  private static String rule(StackTraceElement at, RuntimeException thrown) {
    String type = at.getClassName().substring(ENDIVE.length());
    boolean blocks = type.equals("ControlTree") || at.getMethodName().endsWith("Ctrl");
    return switch (thrown) {
      case IllegalArgumentException e when e.getMessage() != null -> e.getMessage();
      case RuntimeException e when type.endsWith("OpCode") -> "illegal opcode";
      case RuntimeException e when type.endsWith("ExternalType") -> "malformed kind of an export";
      case RuntimeException e when blocks || at.getMethodName().equals("parseCodeSection") ->
          "blocks and their ends do not match";
      case RuntimeException e when type.equals("Validator") -> "unknown type, or no such operand";
      default -> "";
    };
  }
}
