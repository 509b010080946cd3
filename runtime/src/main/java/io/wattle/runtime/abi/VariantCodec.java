package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreMemory;
import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.value.MalformedValueException;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Variants, enums, options and results: a case number and perhaps a payload. */
final class VariantCodec extends Codec {
  /** How the case is told to sinks and asked of sources. */
  enum Form {
    VARIANT,
    OPTION,
    RESULT
  }

  private final Form form;
  private final @Nullable Codec[] cases;
  private final int tagSize;
  private final int payloadOffset;

  VariantCodec(Form form, List<@Nullable Codec> cases) {
    super(
        size(cases),
        Math.max(tagSize(cases.size()), payloadAlign(cases)),
        flat(cases),
        cases.stream().anyMatch(c -> c != null && c.pointers),
        WORD + cases.stream().filter(Objects::nonNull).mapToInt(c -> c.weight).max().orElse(0));
    this.form = form;
    this.cases = cases.toArray(Codec[]::new);
    this.tagSize = tagSize(cases.size());
    this.payloadOffset = (int) alignTo(tagSize, payloadAlign(cases));
  }

  private static int tagSize(int cases) {
    return cases <= 1 << 8 ? 1 : cases <= 1 << 16 ? 2 : 4;
  }

  private static int payloadAlign(List<@Nullable Codec> cases) {
    return cases.stream().filter(Objects::nonNull).mapToInt(c -> c.align).max().orElse(1);
  }

  private static long size(List<@Nullable Codec> cases) {
    int align = payloadAlign(cases);
    long payload = cases.stream().filter(Objects::nonNull).mapToLong(c -> c.size).max().orElse(0);
    int tag = tagSize(cases.size());
    return alignTo(alignTo(tag, align) + payload, Math.max(tag, align));
  }

  private static List<CoreValueType> flat(List<@Nullable Codec> cases) {
    List<CoreValueType> flat = new ArrayList<>();
    flat.add(CoreValueType.I32);
    for (Codec payload : cases) {
      if (payload != null) {
        for (int i = 0; i < payload.flat.size(); i++) {
          CoreValueType type = payload.flat.get(i);
          if (i + 1 < flat.size()) {
            flat.set(i + 1, join(flat.get(i + 1), type));
          } else {
            flat.add(type);
          }
        }
      }
    }
    return List.copyOf(flat);
  }

  private static CoreValueType join(CoreValueType a, CoreValueType b) {
    return a == b ? a : narrow(a) && narrow(b) ? CoreValueType.I32 : CoreValueType.I64;
  }

  private static boolean narrow(CoreValueType type) {
    return type == CoreValueType.I32 || type == CoreValueType.F32;
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    CoreMemory memory = from.memory();
    int tag =
        switch (tagSize) {
          case 1 -> memory.getByte(address) & 0xff;
          case 2 -> memory.getShort(address) & 0xffff;
          default -> memory.getInt(address);
        };
    Codec payload = announce(tag, to);
    if (payload != null) {
      payload.load(from, address + payloadOffset, to);
    }
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    Codec payload = announce((int) values[at], to);
    if (payload != null) {
      // Joined types need no conversion: narrower values lie in the low bits.
      payload.lift(from, values, at + 1, to);
    }
  }

  private @Nullable Codec announce(int tag, ValueSink to) {
    if (Integer.compareUnsigned(tag, cases.length) >= 0) {
      throw Traps.trap(
          "invalid variant discriminant: "
              + Integer.toUnsignedString(tag)
              + " (expected: less than "
              + cases.length
              + ")");
    }
    switch (form) {
      case VARIANT -> to.variant(tag);
      case OPTION -> to.option(tag == 1);
      case RESULT -> to.result(tag == 0);
    }
    return cases[tag];
  }

  private int ask(ValueSource from) {
    return switch (form) {
      case OPTION -> from.option() ? 1 : 0;
      case RESULT -> from.result() ? 0 : 1;
      case VARIANT -> {
        int tag = from.variant(cases.length);
        if (tag < 0 || tag >= cases.length) {
          throw new MalformedValueException(
              "case " + tag + " (expected: less than " + cases.length + ")");
        }
        yield tag;
      }
    };
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    int tag = ask(from);
    CoreMemory memory = to.memory();
    switch (tagSize) {
      case 1 -> memory.putByte(address, (byte) tag);
      case 2 -> memory.putShort(address, (short) tag);
      default -> memory.putInt(address, tag);
    }
    Codec payload = cases[tag];
    if (payload != null) {
      payload.store(from, to, address + payloadOffset);
    }
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    int tag = ask(from);
    values[at] = tag;
    Codec payload = cases[tag];
    int used = 0;
    if (payload != null) {
      payload.lower(from, to, values, at + 1);
      used = payload.flat.size();
      for (int i = 0; i < used; i++) {
        if (narrow(payload.flat.get(i))) {
          values[at + 1 + i] &= 0xffffffffL;
        }
      }
    }
    Arrays.fill(values, at + 1 + used, at + flat.size(), 0);
  }
}
