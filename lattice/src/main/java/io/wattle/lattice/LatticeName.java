package io.wattle.lattice;

import java.util.regex.Pattern;

/** Names that are one token of a subject and part of a bucket name (section 1.1 and 1.5). */
public final class LatticeName {
  /** The lattice when nobody names one. */
  public static final String DEFAULT = "default";

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]+");

  private LatticeName() {}

  /** Returns {@code name}, or says why it cannot name a lattice. */
  public static String checkLattice(String name) {
    return check("lattice", name);
  }

  /** Returns {@code id}, or says why it cannot name a component or provider. */
  public static String checkId(String id) {
    return check("id", id);
  }

  /** Whether it can name a lattice, component or provider. */
  public static boolean isValid(String name) {
    return TOKEN.matcher(name).matches();
  }

  private static String check(String what, String name) {
    if (!isValid(name)) {
      throw new IllegalArgumentException(
          what + ": \"" + name + "\" (expected: one or more of A-Z a-z 0-9 _ -)");
    }
    return name;
  }
}
