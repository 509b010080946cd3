package io.wattle.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The commands of the root's help, by what people want to do. */
final class CommandGroups implements IHelpSectionRenderer {
  private static final String REST = "More";

  private static final Map<String, List<String>> GROUPS = groups();

  private static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put(
        "Run a lattice",
        List.of("up", "down", "token", "host", "control-plane", "cluster", "provider"));
    groups.put("Applications", List.of("app"));
    groups.put("See what happens", List.of("get", "logs", "spy"));
    groups.put(
        "Change it by hand",
        List.of("start", "stop", "scale", "update", "link", "config", "label"));
    groups.put("Components", List.of("call", "inspect", "run", "serve", "compile", "package"));
    return groups;
  }

  private CommandGroups() {}

  /** Lets the help of {@code root} show its commands in groups. */
  static void install(CommandLine root) {
    Map<String, IHelpSectionRenderer> sections = root.getHelpSectionMap();
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new CommandGroups());
    root.setHelpSectionMap(sections);
  }

  @Override
  public String render(Help help) {
    Map<String, Help> left = new LinkedHashMap<>(help.subcommands());
    int width = left.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    GROUPS.forEach((title, names) -> group(text, title, names, left, width));
    group(text, REST, new ArrayList<>(left.keySet()), left, width);
    return text.toString();
  }

  private static void group(
      StringBuilder text, String title, List<String> names, Map<String, Help> left, int width) {
    List<String> there = names.stream().filter(left::containsKey).toList();
    if (there.isEmpty()) {
      return;
    }
    text.append(String.format("%n%s:%n", title));
    for (String name : there) {
      Help command = left.remove(name);
      String[] description =
          command == null ? new String[0] : command.commandSpec().usageMessage().description();
      text.append(
          String.format(
              "  %-" + width + "s  %s%n", name, description.length == 0 ? "" : description[0]));
    }
  }
}
