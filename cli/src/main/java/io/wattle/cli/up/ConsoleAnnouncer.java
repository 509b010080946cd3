package io.wattle.cli.up;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;
import io.wattle.cli.base.Console;

/** Tells the person at the terminal. */
record ConsoleAnnouncer(Console console) implements Announcer {
  @Override
  public void progress(String line) {
    console.progress(line);
  }

  @Override
  public void line(String line) {
    console.line(line);
  }

  @Override
  public void ready(Answer answer) {
    console.answer(answer);
  }

  @Override
  public void failed(CommandException failure) {
    console.failure(failure);
  }
}
