package io.wattle.wit.value;

import io.wattle.wit.type.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values in between: written once, then read in the same order through {@link #source}. Numbers lie
 * in words without a box; byte arrays and strings are kept as they came, so they must not be
 * changed afterwards.
 */
public final class ValueBuffer implements ValueSink {
  private long[] words = new long[8];
  private int wordsWritten;
  private @Nullable Object[] objects = new Object[4];
  private int objectsWritten;

  /** A string that a guest kept otherwise than in UTF-8. */
  private record Formed(String text, StringForm form) {}

  /** Reads what was written, from the first value on. */
  public ValueSource source() {
    return new Reader();
  }

  private void word(long value) {
    if (wordsWritten == words.length) {
      words = Arrays.copyOf(words, words.length * 2);
    }
    words[wordsWritten++] = value;
  }

  private void object(Object value) {
    if (objectsWritten == objects.length) {
      objects = Arrays.copyOf(objects, objects.length * 2);
    }
    objects[objectsWritten++] = value;
  }

  @Override
  public void bool(boolean value) {
    word(value ? 1 : 0);
  }

  @Override
  public void s8(int value) {
    word(value);
  }

  @Override
  public void u8(int value) {
    word(value);
  }

  @Override
  public void s16(int value) {
    word(value);
  }

  @Override
  public void u16(int value) {
    word(value);
  }

  @Override
  public void s32(int value) {
    word(value);
  }

  @Override
  public void u32(int value) {
    word(value);
  }

  @Override
  public void s64(long value) {
    word(value);
  }

  @Override
  public void u64(long value) {
    word(value);
  }

  @Override
  public void f32(float value) {
    word(Float.floatToRawIntBits(value));
  }

  @Override
  public void f64(double value) {
    word(Double.doubleToRawLongBits(value));
  }

  @Override
  public void character(int codePoint) {
    word(codePoint);
  }

  @Override
  public void string(byte[] utf8, int offset, int length) {
    bytes(utf8, offset, length);
  }

  @Override
  public void string(String value) {
    object(value);
  }

  @Override
  public void string(String value, StringForm form) {
    object(new Formed(value, form));
  }

  @Override
  public void bytes(byte[] data, int offset, int length) {
    boolean whole = offset == 0 && length == data.length;
    object(whole ? data : Arrays.copyOfRange(data, offset, offset + length));
  }

  @Override
  public void list(int count) {
    word(count);
  }

  @Override
  public void variant(int caseIndex) {
    word(caseIndex);
  }

  @Override
  public void option(boolean present) {
    word(present ? 1 : 0);
  }

  @Override
  public void result(boolean ok) {
    word(ok ? 1 : 0);
  }

  @Override
  public void flags(int[] flagWords, int count) {
    for (int i = 0; i < (count + 31) / 32; i++) {
      word(flagWords[i]);
    }
  }

  @Override
  public void handle(ResourceType resource, Object rep) {
    object(rep);
  }

  private final class Reader implements ValueSource {
    private int wordsRead;
    private int objectsRead;

    private long nextWord(String expected) {
      if (wordsRead == wordsWritten) {
        throw new MalformedValueException("no value left (expected: " + expected + ")");
      }
      return words[wordsRead++];
    }

    private Object nextObject(String expected) {
      Object value = objectsRead < objectsWritten ? objects[objectsRead++] : null;
      if (value == null) {
        throw new MalformedValueException("no value left (expected: " + expected + ")");
      }
      return value;
    }

    private static MalformedValueException mismatch(Object value, String expected) {
      return new MalformedValueException(
          "got a " + value.getClass().getSimpleName() + " (expected: " + expected + ")");
    }

    @Override
    public boolean bool() {
      return nextWord("bool") != 0;
    }

    @Override
    public int s8() {
      return (int) nextWord("s8");
    }

    @Override
    public int u8() {
      return (int) nextWord("u8");
    }

    @Override
    public int s16() {
      return (int) nextWord("s16");
    }

    @Override
    public int u16() {
      return (int) nextWord("u16");
    }

    @Override
    public int s32() {
      return (int) nextWord("s32");
    }

    @Override
    public int u32() {
      return (int) nextWord("u32");
    }

    @Override
    public long s64() {
      return nextWord("s64");
    }

    @Override
    public long u64() {
      return nextWord("u64");
    }

    @Override
    public float f32() {
      return Float.intBitsToFloat((int) nextWord("f32"));
    }

    @Override
    public double f64() {
      return Double.longBitsToDouble(nextWord("f64"));
    }

    @Override
    public int character() {
      return (int) nextWord("char");
    }

    @Override
    public byte[] utf8() {
      Object value = nextObject("string");
      return switch (value) {
        case byte[] utf8 -> utf8;
        case String text -> text.getBytes(StandardCharsets.UTF_8);
        case Formed(String text, StringForm _) -> text.getBytes(StandardCharsets.UTF_8);
        default -> throw mismatch(value, "string");
      };
    }

    @Override
    public String string() {
      Object value = nextObject("string");
      return switch (value) {
        case byte[] utf8 -> new String(utf8, StandardCharsets.UTF_8);
        case String text -> text;
        case Formed(String text, StringForm _) -> text;
        default -> throw mismatch(value, "string");
      };
    }

    @Override
    public @Nullable StringForm nextForm() {
      Object value = objectsRead < objectsWritten ? objects[objectsRead] : null;
      return switch (value) {
        case byte[] utf8 -> StringForm.UTF8;
        case Formed(String _, StringForm form) -> form;
        case null, default -> null;
      };
    }

    @Override
    public byte[] bytes() {
      Object value = nextObject("list<u8>");
      if (value instanceof byte[] data) {
        return data;
      }
      throw mismatch(value, "list<u8>");
    }

    @Override
    public int list() {
      return (int) nextWord("list");
    }

    @Override
    public int variant(int cases) {
      int index = (int) nextWord("variant");
      if (index < 0 || index >= cases) {
        throw new MalformedValueException(
            "case " + index + " (expected: 0 to " + (cases - 1) + ")");
      }
      return index;
    }

    @Override
    public boolean option() {
      return nextWord("option") != 0;
    }

    @Override
    public boolean result() {
      return nextWord("result") != 0;
    }

    @Override
    public int[] flags(int count) {
      int[] flagWords = new int[(count + 31) / 32];
      for (int i = 0; i < flagWords.length; i++) {
        flagWords[i] = (int) nextWord("flags");
      }
      return flagWords;
    }

    @Override
    public Object handle(ResourceType resource) {
      return nextObject(resource.name());
    }
  }
}
