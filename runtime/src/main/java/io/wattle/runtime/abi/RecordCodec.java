package io.wattle.runtime.abi;

import io.wattle.runtime.engine.CoreValueType;
import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.ArrayList;
import java.util.List;

/** Records, tuples, and the parameters of a function: one value after the other. */
final class RecordCodec extends Codec {
  private final Codec[] fields;
  private final int[] offsets;

  RecordCodec(List<Codec> fields) {
    super(
        size(fields),
        align(fields),
        flat(fields),
        fields.stream().anyMatch(f -> f.pointers),
        fields.stream().mapToInt(f -> f.weight).sum());
    this.fields = fields.toArray(Codec[]::new);
    this.offsets = new int[this.fields.length];
    long at = 0;
    for (int i = 0; i < offsets.length; i++) {
      at = alignTo(at, this.fields[i].align);
      offsets[i] = (int) at;
      at += this.fields[i].size;
    }
  }

  private static long size(List<Codec> fields) {
    long at = 0;
    for (Codec field : fields) {
      at = alignTo(at, field.align) + field.size;
    }
    return alignTo(at, align(fields));
  }

  private static int align(List<Codec> fields) {
    return fields.stream().mapToInt(f -> f.align).max().orElse(1);
  }

  private static List<CoreValueType> flat(List<Codec> fields) {
    List<CoreValueType> flat = new ArrayList<>();
    for (Codec field : fields) {
      flat.addAll(field.flat);
      if (flat.size() > MAX_FLAT) {
        break;
      }
    }
    return List.copyOf(flat);
  }

  @Override
  void load(CallContext from, int address, ValueSink to) {
    for (int i = 0; i < fields.length; i++) {
      fields[i].load(from, address + offsets[i], to);
    }
  }

  @Override
  void lift(CallContext from, long[] values, int at, ValueSink to) {
    int next = at;
    for (Codec field : fields) {
      field.lift(from, values, next, to);
      next += field.flat.size();
    }
  }

  @Override
  void store(ValueSource from, CallContext to, int address) {
    for (int i = 0; i < fields.length; i++) {
      fields[i].store(from, to, address + offsets[i]);
    }
  }

  @Override
  void lower(ValueSource from, CallContext to, long[] values, int at) {
    int next = at;
    for (Codec field : fields) {
      field.lower(from, to, values, next);
      next += field.flat.size();
    }
  }
}
