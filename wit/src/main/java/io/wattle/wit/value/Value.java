package io.wattle.wit.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value as a tree, for the command line, tests and dynamic calls; what moves between guests never
 * becomes one. It fits a type by its shape: names are the type's.
 */
public sealed interface Value {
  /** A bool. */
  record Bool(boolean value) implements Value {}

  /** Any integer; u64 as bits. */
  record Int(long value) implements Value {}

  /** An f32 or f64. */
  record Real(double value) implements Value {}

  /** A char. */
  record Char(int codePoint) implements Value {}

  /** A string. */
  record Text(String value) implements Value {}

  /** Elements of a list, fields of a record or elements of a tuple, in order. */
  record Parts(List<Value> parts) implements Value {
    public Parts {
      parts = List.copyOf(parts);
    }
  }

  /** A case of a variant or enum, by number. */
  record CaseOf(int index, @Nullable Value payload) implements Value {}

  /** Flags: bit i is flag i. */
  record Flags(long bits) implements Value {}

  /** An option. */
  record Option(@Nullable Value some) implements Value {}

  /** A result. */
  record ResultOf(boolean ok, @Nullable Value payload) implements Value {}

  /** A handle: the host's object. */
  record HandleOf(Object rep) implements Value {}
}
