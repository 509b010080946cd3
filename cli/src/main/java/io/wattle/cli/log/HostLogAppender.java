package io.wattle.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.wattle.host.watch.HostLog;

/** What the process logs, into the log of its host. */
final class HostLogAppender extends AppenderBase<ILoggingEvent> {
  private static final String GUESTS = "wattle.guest.";
  private static final String PROVIDERS = "wattle.provider.";

  private final HostLog log;

  HostLogAppender(HostLog log) {
    this.log = log;
  }

  @Override
  protected void append(ILoggingEvent event) {
    String logger = event.getLoggerName();
    if (logger.startsWith(GUESTS) || !event.getLevel().isGreaterOrEqual(Level.INFO)) {
      return;
    }
    String id = logger.startsWith(PROVIDERS) ? logger.substring(PROVIDERS.length()) : null;
    log.add(
        level(event.getLevel()), id, logger.substring(logger.lastIndexOf('.') + 1), text(event));
  }

  private static org.slf4j.event.Level level(Level level) {
    return org.slf4j.event.Level.valueOf(level.toString());
  }

  /** With the causes in a few words: the stack is in the host's own files. */
  private static String text(ILoggingEvent event) {
    StringBuilder text = new StringBuilder(event.getFormattedMessage());
    for (IThrowableProxy cause = event.getThrowableProxy();
        cause != null;
        cause = cause.getCause()) {
      text.append(": ").append(cause.getClassName()).append(": ").append(cause.getMessage());
    }
    return text.toString();
  }
}
