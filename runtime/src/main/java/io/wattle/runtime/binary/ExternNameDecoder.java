package io.wattle.runtime.binary;

import io.wattle.runtime.InvalidComponentException;
import org.jspecify.annotations.Nullable;

/** Decodes the names of imports and exports (Binary.md, {@code nameattributes}). */
final class ExternNameDecoder {
  private ExternNameDecoder() {}

  static ExternNameAst name(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int kind = in.u8("name");
    if (kind > 2) {
      throw in.badByte(start, kind, "component name", "0, 1, 2");
    }
    String name = in.name("name");
    if (kind != 2) {
      return ExternNameAst.of(name);
    }
    @Nullable String[] attributes = new @Nullable String[3];
    int count = in.count("attributes");
    for (int i = 0; i < count; i++) {
      int attributeAt = in.offset();
      int attribute = in.u8("attribute");
      if (attribute > 2) {
        throw in.badByte(attributeAt, attribute, "name option", "0, 1, 2");
      }
      String value = in.name("attribute");
      if (attributes[attribute] != null) {
        throw in.invalid(attributeAt, "duplicate '" + show(attribute) + "' option in name");
      }
      attributes[attribute] = value;
    }
    return new ExternNameAst(name, attributes[0], attributes[1], attributes[2]);
  }

  private static String show(int attribute) {
    return switch (attribute) {
      case 0 -> "implements";
      case 1 -> "versionsuffix";
      default -> "external-id";
    };
  }
}
