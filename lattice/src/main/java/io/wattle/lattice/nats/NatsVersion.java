package io.wattle.lattice.nats;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of {@code nats-server}. */
public record NatsVersion(int major, int minor, int patch) implements Comparable<NatsVersion> {
  private static final Pattern FORM = Pattern.compile("v?(\\d+)\\.(\\d+)\\.(\\d+)");
  private static final Comparator<NatsVersion> ORDER =
      Comparator.comparingInt(NatsVersion::major)
          .thenComparingInt(NatsVersion::minor)
          .thenComparingInt(NatsVersion::patch);

  /** The first version in a text such as {@code nats-server: v2.14.5}. */
  public static NatsVersion in(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("version: \"" + text + "\" (expected: v2.14.5)");
    }
    return new NatsVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  /** Whether {@code sync_interval} is a known field: 2.10 and later. */
  public boolean canSyncAlways() {
    return compareTo(new NatsVersion(2, 10, 0)) >= 0;
  }

  @Override
  public int compareTo(NatsVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
