package io.wattle.lattice.http;

import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import io.wattle.wit.http.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code fields}: one entry for each distinct name, with all its values. Names are written in lower
 * case, since receivers fail on the same name twice.
 */
final class FieldsCodec {
  private FieldsCodec() {}

  static void write(ValueEncoder encoder, Fields fields) {
    Map<String, List<byte[]>> byName = new LinkedHashMap<>();
    for (Fields.Entry entry : fields.entries()) {
      byName
          .computeIfAbsent(entry.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
          .add(entry.value());
    }
    encoder.list(byName.size());
    byName.forEach(
        (name, values) -> {
          encoder.string(name);
          encoder.list(values.size());
          values.forEach(value -> encoder.bytes(value, 0, value.length));
        });
  }

  static Fields read(ValueDecoder decoder) {
    List<Fields.Entry> entries = new ArrayList<>();
    int names = decoder.list();
    for (int i = 0; i < names; i++) {
      String name = decoder.string();
      int values = decoder.list();
      for (int n = 0; n < values; n++) {
        entries.add(new Fields.Entry(name, decoder.bytes()));
      }
    }
    return new Fields(entries);
  }
}
