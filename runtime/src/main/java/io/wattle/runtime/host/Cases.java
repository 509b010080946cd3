package io.wattle.runtime.host;

import java.util.EnumSet;
import java.util.Set;

/** Java enums whose constants stand in the order of a WIT enum, variant or flags type. */
@SuppressWarnings("EnumOrdinal") // the order is the meaning here
public final class Cases {
  private Cases() {}

  /** The number of a case. */
  public static int number(Enum<?> constant) {
    return constant.ordinal();
  }

  /** The case with a number, as a host function gets it. */
  public static <E extends Enum<E>> E of(Class<E> type, Object number) {
    return type.getEnumConstants()[(Integer) number];
  }

  /** The flags that are set, as a host function gets them. */
  public static <E extends Enum<E>> Set<E> flags(Class<E> type, Object bits) {
    Set<E> flags = EnumSet.noneOf(type);
    for (E flag : type.getEnumConstants()) {
      if (((Long) bits >> flag.ordinal() & 1) != 0) {
        flags.add(flag);
      }
    }
    return flags;
  }

  /** Flags as a host function answers them. */
  public static long bits(Set<? extends Enum<?>> flags) {
    long bits = 0;
    for (Enum<?> flag : flags) {
      bits |= 1L << flag.ordinal();
    }
    return bits;
  }
}
