package io.wattle.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Switches and records of many kinds, and what they answer. */
final class ArchivableSample {
  private static final @Nullable Object[] VALUES = {
    null,
    new Point(1, 2),
    new Point(-1, 2),
    new Named("a", new int[] {1}),
    new Named("b", new int[0]),
    Empty.ONE,
    Empty.TWO,
    "text",
    "longer text",
    7,
    -7,
    new int[] {3},
    new String[] {"s"},
    List.of("x"),
    2.5
  };

  private ArchivableSample() {}

  sealed interface Shape permits Point, Named, Empty {
    /** A switch in an interface. */
    static String of(Shape shape) {
      return switch (shape) {
        case Point point when point.x() > 0 -> "right";
        case Point _ -> "left";
        case Named(String name, int[] numbers) when numbers.length > 0 -> name + numbers[0];
        case Named named -> named.name();
        case Empty.ONE -> "one";
        case Empty empty -> empty.name();
      };
    }
  }

  record Point(int x, long y) implements Shape {}

  @SuppressWarnings("ArrayRecordComponent")
  record Named(String name, int[] numbers) implements Shape {}

  enum Empty implements Shape {
    ONE,
    TWO
  }

  record All(
      boolean a, byte b, char c, short d, int e, long f, float g, double h, @Nullable Object i) {}

  record None() {}

  record Generic<T>(T value, List<? extends T> values) {}

  static List<String> answers() {
    List<String> answers = new ArrayList<>();
    for (Object value : VALUES) {
      answers.add(kind(value));
      answers.add(constants(value));
      if (value instanceof Shape shape) {
        answers.add(Shape.of(shape));
      }
      answers.add(failure(value));
    }
    Object[] records = {
      new All(true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, "i"),
      new All(true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, "i"),
      new All(false, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, "i"),
      new All(true, (byte) -1, 'c', (short) 2, 3, 4L, 5f, 6d, "i"),
      new All(true, (byte) 1, 'd', (short) 2, 3, 4L, 5f, 6d, "i"),
      new All(true, (byte) 1, 'c', (short) -2, 3, 4L, 5f, 6d, "i"),
      new All(true, (byte) 1, 'c', (short) 2, -3, 4L, 5f, 6d, "i"),
      new All(true, (byte) 1, 'c', (short) 2, 3, 4L << 33, 5f, 6d, "i"),
      new All(true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, 6d, "i"),
      new All(true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, 6d, "i"),
      new All(true, (byte) 1, 'c', (short) 2, 3, 4L, 0f, -0d, "i"),
      new All(true, (byte) 1, 'c', (short) 2, 3, 4L, -0f, 0d, null),
      new All(true, (byte) 1, 'c', (short) 2, 3, 4L, -0f, 0d, null),
      new None(),
      new None(),
      new Generic<>("t", List.of()),
      new Generic<>("t", List.of()),
      new Generic<>(1, List.of(2)),
      "other"
    };
    for (Object one : records) {
      answers.add(one + " " + one.hashCode());
      answers.add(Arrays.toString(Arrays.stream(records).map(one::equals).toArray()));
      answers.add(Boolean.toString(one.equals(VALUES[0])));
    }
    return answers;
  }

  private static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String s when s.length() > 4 -> "long";
      case String s -> s;
      case Integer i when i < 0 -> "negative";
      case Number n -> "number " + n;
      case int[] ints -> "ints " + ints.length;
      case Object[] objects -> "objects " + objects.length;
      case Shape shape -> "shape " + Shape.of(shape);
      case Iterable<?> some -> "some of " + some;
      default -> "other";
    };
  }

  private static String constants(@Nullable Object value) {
    return switch (value) {
      case Empty.TWO -> "two";
      case Empty _ -> "empty";
      case null, default -> "none";
    };
  }

  /** What a switch throws, for null too, and from which line. */
  @SuppressWarnings("NullAway")
  private static String failure(@Nullable Object value) {
    try {
      return switch (value) {
        case Point point -> "point " + 1 / (point.x() - 1);
        case Object other -> other.getClass().getSimpleName();
      };
    } catch (ArithmeticException | NullPointerException e) {
      StackTraceElement at =
          Arrays.stream(e.getStackTrace())
              .filter(frame -> frame.getClassName().startsWith("io.wattle"))
              .findFirst()
              .orElseThrow();
      return e.getClass().getSimpleName() + " in line " + at.getLineNumber();
    }
  }
}
