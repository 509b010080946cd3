package io.wattle.host.watch;

import io.wattle.lattice.watch.LogLine;
import io.wattle.lattice.watch.LogPage;
import io.wattle.lattice.watch.LogRequest;
import io.wattle.wit.io.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The last lines that a host and its components said, kept in memory and bounded in number and
 * length. Whoever writes never waits for a reader.
 */
public final class HostLog {
  private static final int MAX_LINES = 5_000;
  private static final int MAX_CHARS = 2 << 20;
  private static final int MAX_LINE = 8 * 1024;

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Deque<LogLine> lines = new ArrayDeque<>();
  private long last;
  private int chars;

  public HostLog(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Takes a line.
   *
   * @param id who said it; null for the host itself
   * @param source stream, context or class
   */
  public void add(Level level, @Nullable String id, String source, String text) {
    String kept = text.length() > MAX_LINE ? text.substring(0, MAX_LINE) + "..." : text;
    lock.lock();
    try {
      lines.add(new LogLine(++last, clock.instant(), level.name(), id, source, kept));
      chars += kept.length();
      while (lines.size() > MAX_LINES || chars > MAX_CHARS) {
        chars -= lines.removeFirst().text().length();
      }
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The lines that are asked for; waits for the first as long as the request says.
   *
   * @param maxChars at most so much text, but always one line if there is one
   */
  public LogPage page(LogRequest request, int maxChars) throws InterruptedException {
    Deadline deadline = Deadline.in(Duration.ofMillis(request.waitMillis()));
    Long after = request.after();
    long seen = after == null ? 0 : after;
    lock.lock();
    try {
      seen = Math.min(seen, last); // a reader of another life of this host
      long lost = lost(after, seen);
      while (true) {
        List<LogLine> found = find(request, seen);
        long left = deadline.left().toNanos();
        if (!found.isEmpty() || left <= 0) {
          return cut(request, found, maxChars, lost);
        }
        seen = last;
        var _ = more.await(left, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private long lost(@Nullable Long after, long seen) {
    LogLine first = lines.peekFirst();
    return after == null || first == null ? 0 : Math.max(0, first.seq() - seen - 1);
  }

  private List<LogLine> find(LogRequest request, long seen) {
    Pattern mention = request.id() == null ? null : mention(request.id());
    List<LogLine> found = new ArrayList<>();
    for (LogLine line : lines) {
      boolean wanted =
          line.seq() > seen
              && (request.since() == null || !line.time().isBefore(request.since()))
              && (mention == null || concerns(line, request.id(), mention));
      if (wanted) {
        found.add(line);
      }
    }
    return found;
  }

  /** What it said, and what the host said of it. */
  private static boolean concerns(LogLine line, @Nullable String id, Pattern mention) {
    return line.id() == null ? mention.matcher(line.text()).find() : line.id().equals(id);
  }

  private static Pattern mention(String id) {
    return Pattern.compile("(?<![\\w-])" + Pattern.quote(id) + "(?![\\w-])");
  }

  /** The last ones of a first answer, the first ones of those that follow it. */
  private LogPage cut(LogRequest request, List<LogLine> found, int maxChars, long lost) {
    List<LogLine> wanted = found;
    Integer tail = request.tail();
    if (tail != null && wanted.size() > tail) {
      wanted = wanted.subList(wanted.size() - tail, wanted.size());
    }
    boolean first = request.after() == null;
    List<LogLine> kept = new ArrayList<>();
    int size = 0;
    for (LogLine line : first ? wanted.reversed() : wanted) {
      size += line.text().length();
      if (!kept.isEmpty() && size > maxChars) {
        break;
      }
      kept.add(line);
    }
    boolean all = first || kept.size() == wanted.size();
    long next = all ? last : kept.getLast().seq();
    return new LogPage(first ? kept.reversed() : kept, next, lost);
  }
}
