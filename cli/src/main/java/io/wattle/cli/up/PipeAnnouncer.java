package io.wattle.cli.up;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the process that started this one, a JSON object in each line of its standard output. */
record PipeAnnouncer(PrintStream pipe) implements Announcer {
  static final String PROGRESS = "progress";
  static final String LINE = "line";
  static final String READY = "ready";
  static final String FAILED = "failed";

  @Override
  public void progress(String line) {
    send(PROGRESS, line);
  }

  @Override
  public void line(String line) {
    send(LINE, line);
  }

  @Override
  public void ready(Answer answer) {
    send(READY, answer.data());
  }

  @Override
  public void failed(CommandException failure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("exit", failure.exitCode().name());
    fields.put("message", String.valueOf(failure.getMessage()));
    if (failure.hint() != null) {
      fields.put("hint", failure.hint());
    }
    fields.put("data", failure.data());
    send(FAILED, fields);
  }

  private synchronized void send(String kind, Object value) {
    pipe.println(Json.compact(Map.of(kind, value)));
    pipe.flush();
  }
}
