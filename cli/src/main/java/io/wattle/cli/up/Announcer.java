package io.wattle.cli.up;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.CommandException;

/** Hears what a supervisor does, until everything is ready or one thing has failed. */
interface Announcer {
  /** Something has begun. */
  void progress(String line);

  /** A line of the summary. */
  void line(String line);

  /** Everything is ready. */
  void ready(Answer answer);

  /** Something could not be started or deployed. */
  void failed(CommandException failure);
}
