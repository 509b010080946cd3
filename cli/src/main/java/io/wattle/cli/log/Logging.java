package io.wattle.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.wattle.host.watch.HostLog;
import java.nio.file.Path;
import java.time.InstantSource;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.Reporter;

/**
 * Sets logging up in code: reading a configuration file takes longer than most commands. Loggers
 * are first made after {@link #verbosity}, so a command without {@code -v} never loads this
 * machinery.
 */
public final class Logging {
  private static final String PATTERN =
      "%d{ISO8601} %-5level [%thread] %logger{24} - %msg%n%ex{full}";
  private static final String MAX_FILE_SIZE = "10MB";

  private Logging() {}

  /** What {@code -v} asks for: nothing on stderr, then INFO, then DEBUG of our own loggers. */
  public static void verbosity(int verbosity) {
    System.setProperty("wattle.verbosity", Integer.toString(verbosity));
    System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, LoggingProvider.class.getName());
    System.setProperty(Reporter.SLF4J_INTERNAL_VERBOSITY_KEY, "WARN"); // else it tells which
  }

  /** Also writes INFO and above to {@code file}, which is kept below 10 MB, with one before it. */
  public static void toFile(Path file) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setFile(file.toString());
    FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
    window.setContext(context);
    window.setParent(appender);
    window.setFileNamePattern(file + ".%i");
    window.setMinIndex(1);
    window.setMaxIndex(1);
    window.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(FileSize.valueOf(MAX_FILE_SIZE));
    size.start();
    appender.setRollingPolicy(window);
    appender.setTriggeringPolicy(size);
    start(context, appender);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if (root.getLevel().isGreaterOrEqual(Level.WARN)) {
      root.setLevel(Level.WARN);
      ours(context).setLevel(Level.INFO);
    }
  }

  /**
   * A log for a host of this process, from which others read: it also gets what the process logs,
   * INFO and above. What components say is there anyway.
   */
  public static HostLog hostLog() {
    HostLog log = new HostLog(InstantSource.system());
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    HostLogAppender appender = new HostLogAppender(log);
    appender.setContext(context);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    if (root.getLevel().isGreaterOrEqual(Level.WARN)) {
      root.setLevel(Level.WARN);
      ours(context).setLevel(Level.INFO);
    }
    return log;
  }

  /** The first configuration, from {@link #verbosity}. */
  static void configure(LoggerContext context) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    int verbosity = Integer.getInteger("wattle.verbosity", 0);
    if (verbosity == 0) {
      root.setLevel(Level.OFF);
      return;
    }
    root.setLevel(Level.INFO);
    ours(context).setLevel(verbosity == 1 ? Level.INFO : Level.DEBUG);
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setTarget("System.err");
    start(context, appender);
  }

  private static Logger ours(LoggerContext context) {
    return context.getLogger("io.wattle");
  }

  private static void start(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }
}
