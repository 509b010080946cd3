package io.wattle.host.component;

import io.wattle.host.watch.HostLog;
import io.wattle.runtime.wasi.io.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A component's standard output or error, line by line: into the host's log for those who watch it,
 * and to where the process logs.
 */
final class LogSink implements OutputSink {
  private static final int MAX_LINE = 8 * 1024;

  private final HostLog hostLog;
  private final String component;
  private final String stream;
  private final Logger log;
  private final Level level;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LogSink(HostLog hostLog, String component, String stream, Level level) {
    this.hostLog = hostLog;
    this.component = component;
    this.stream = stream;
    this.log = LoggerFactory.getLogger("wattle.guest." + component + "." + stream);
    this.level = level;
  }

  @Override
  public int writable() {
    return UNLIMITED;
  }

  @Override
  public synchronized void write(byte[] data, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (data[i] == '\n' || line.size() >= MAX_LINE) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        hostLog.add(level, component, stream, text);
        log.atLevel(level).log(text);
      }
      if (data[i] != '\n') {
        line.write(data[i]);
      }
    }
  }
}
