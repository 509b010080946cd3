package io.wattle.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;
import io.wattle.cli.base.Json;
import io.wattle.cli.base.Pause;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.LatticeException;
import java.time.Duration;
import java.util.List;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * A command that looks at something, once or with {@code --watch} again and again: on a terminal it
 * redraws, elsewhere it prints what it sees when that has changed, with {@code -o json} as one line
 * for each change.
 */
public abstract class WatchableCommand extends LatticeCommand {
  private static final String USUAL_MILLIS = "2000";

  /** What differs with every look although nothing happened. */
  private static final List<String> CLOCKS = List.of("uptime_seconds", "uptime_human");

  @Option(
      names = {"-w", "--watch"},
      arity = "0..1",
      fallbackValue = USUAL_MILLIS,
      paramLabel = "MS",
      parameterConsumer = Interval.class,
      description = {
        "Look again every MS milliseconds (default: " + USUAL_MILLIS + ") until Ctrl-C;",
        "with -o json one line for each change."
      })
  private @Nullable Long everyMillis;

  /** Looks once. */
  protected abstract Answer look(LatticeConnection lattice)
      throws CommandException, InterruptedException;

  @Override
  protected void check() throws CommandException {
    if (everyMillis != null && everyMillis < 1) {
      throw CommandException.usage("--watch: " + everyMillis + " (expected: >= 1 millisecond)");
    }
  }

  @Override
  protected final Answer execute(LatticeConnection lattice, Console console)
      throws CommandException, InterruptedException {
    Answer first = look(lattice);
    if (everyMillis == null) {
      return first;
    }
    show(first, console);
    JsonNode seen = state(first);
    while (true) {
      Pause.of(Duration.ofMillis(everyMillis));
      try {
        Answer next = look(lattice);
        JsonNode state = state(next);
        if (!state.equals(seen) || (Console.terminal() && !console.json())) {
          show(next, console);
        }
        seen = state;
      } catch (LatticeException e) {
        console.progress(e.getMessage() + "; looking again"); // hosts come and go
      }
    }
  }

  private static void show(Answer answer, Console console) {
    if (console.json()) {
      console.piece(Json.line(answer));
    } else {
      console.redraw(answer.text());
    }
  }

  private static JsonNode state(Answer answer) {
    JsonNode state = Json.MAPPER.valueToTree(answer.data());
    forgetClocks(state);
    return state;
  }

  private static void forgetClocks(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(CLOCKS);
    }
    node.forEach(WatchableCommand::forgetClocks);
  }

  /** Takes the next argument only if it is a number: {@code -w HOST} means a host. */
  static final class Interval implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
      boolean number = !args.isEmpty() && args.peek().matches("\\d{1,9}");
      option.setValue(Long.valueOf(number ? args.pop() : USUAL_MILLIS));
    }
  }
}
