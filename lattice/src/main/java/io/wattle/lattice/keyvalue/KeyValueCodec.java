package io.wattle.lattice.keyvalue;

import io.wattle.lattice.wrpc.ValueDecoder;
import io.wattle.lattice.wrpc.ValueEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of {@code wrpc:keyvalue} (section 6.7). */
final class KeyValueCodec {
  private static final int CASES = 3;

  private KeyValueCodec() {}

  static void writeError(ValueEncoder encoder, KeyValueError error) {
    switch (error) {
      case KeyValueError.NoSuchStore none -> encoder.variant(0);
      case KeyValueError.AccessDenied denied -> encoder.variant(1);
      case KeyValueError.Other(String text) -> {
        encoder.variant(2);
        encoder.string(text);
      }
    }
  }

  static KeyValueError readError(ValueDecoder decoder) {
    return switch (decoder.variant(CASES)) {
      case 0 -> KeyValueError.NoSuchStore.NO_SUCH_STORE;
      case 1 -> KeyValueError.AccessDenied.ACCESS_DENIED;
      default -> new KeyValueError.Other(decoder.string());
    };
  }

  static void writeBytes(ValueEncoder encoder, byte[] value) {
    encoder.bytes(value, 0, value.length);
  }

  static void writeOptional(ValueEncoder encoder, Optional<byte[]> value) {
    encoder.option(value.isPresent());
    value.ifPresent(bytes -> writeBytes(encoder, bytes));
  }

  static Optional<byte[]> readOptional(ValueDecoder decoder) {
    return decoder.option() ? Optional.of(decoder.bytes()) : Optional.empty();
  }

  static void writeEntry(ValueEncoder encoder, Map.Entry<String, byte[]> entry) {
    encoder.string(entry.getKey());
    writeBytes(encoder, entry.getValue());
  }

  static Map.Entry<String, byte[]> readEntry(ValueDecoder decoder) {
    String key = decoder.string();
    return Map.entry(key, decoder.bytes());
  }

  static void writeEntries(ValueEncoder encoder, List<Map.Entry<String, byte[]>> entries) {
    encoder.list(entries.size());
    entries.forEach(entry -> writeEntry(encoder, entry));
  }

  static List<Map.Entry<String, byte[]>> readEntries(ValueDecoder decoder) {
    int count = decoder.list();
    List<Map.Entry<String, byte[]>> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(readEntry(decoder));
    }
    return entries;
  }

  static void writeFound(ValueEncoder encoder, List<Optional<Map.Entry<String, byte[]>>> found) {
    encoder.list(found.size());
    for (Optional<Map.Entry<String, byte[]>> entry : found) {
      encoder.option(entry.isPresent());
      entry.ifPresent(there -> writeEntry(encoder, there));
    }
  }

  static List<Optional<Map.Entry<String, byte[]>>> readFound(ValueDecoder decoder) {
    int count = decoder.list();
    List<Optional<Map.Entry<String, byte[]>>> found = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      found.add(decoder.option() ? Optional.of(readEntry(decoder)) : Optional.empty());
    }
    return found;
  }

  static void writeKeys(ValueEncoder encoder, KeyValueStore.Keys keys) {
    encoder.strings(keys.keys());
    encoder.optionalU64(keys.cursor());
  }

  static KeyValueStore.Keys readKeys(ValueDecoder decoder) {
    return new KeyValueStore.Keys(decoder.strings(), decoder.optionalU64());
  }
}
