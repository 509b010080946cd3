package io.wattle.runtime.binary;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreValueType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes core types inside components (Binary.md, {@code core:deftype}). */
final class CoreTypeDecoder {
  private CoreTypeDecoder() {}

  static CoreTypeAst type(BinaryReader in, int depth) throws InvalidComponentException {
    int start = in.offset();
    int kind = in.u8("core type");
    return switch (kind) {
      case 0x50 -> {
        if (depth > 0) {
          throw in.invalid(start, "a module type inside a module type");
        }
        yield module(in);
      }
      case 0x00 -> {
        in.expect(0x50, "sub type");
        yield subtype(in);
      }
      case 0x4e -> {
        int count = in.count("types of a group");
        List<CoreTypeAst> group = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          int memberAt = in.offset();
          int code = in.u8("type of a group");
          group.add(code == 0x50 || code == 0x4f ? subtype(in) : composite(in, memberAt, code));
        }
        yield new CoreTypeAst.Group(List.copyOf(group));
      }
      case 0x4f -> subtype(in);
      default -> composite(in, start, kind);
    };
  }

  /** A type with supertypes, which matter to core modules only. */
  private static CoreTypeAst subtype(BinaryReader in) throws InvalidComponentException {
    int count = in.count("supertypes");
    for (int i = 0; i < count; i++) {
      int _ = in.u32("core type index");
    }
    int start = in.offset();
    return composite(in, start, in.u8("composite type"));
  }

  private static CoreTypeAst composite(BinaryReader in, int start, int code)
      throws InvalidComponentException {
    return switch (code) {
      case 0x60 -> new CoreTypeAst.Func(func(in));
      case 0x5e -> {
        field(in);
        yield new CoreTypeAst.Opaque();
      }
      case 0x5f -> {
        int count = in.count("fields");
        for (int i = 0; i < count; i++) {
          field(in);
        }
        yield new CoreTypeAst.Opaque();
      }
      default -> throw in.badByte(start, code, "core type", "0x5e, 0x5f, 0x60");
    };
  }

  private static void field(BinaryReader in) throws InvalidComponentException {
    int storage = in.peek("storage type");
    if (storage == 0x77 || storage == 0x78) {
      int _ = in.u8("packed type");
    } else {
      CoreValueType _ = value(in);
    }
    boolean _ = in.flag("mutability");
  }

  private static CoreExternType.Func func(BinaryReader in) throws InvalidComponentException {
    return new CoreExternType.Func(values(in, "parameters"), values(in, "results"));
  }

  private static List<CoreValueType> values(BinaryReader in, String what)
      throws InvalidComponentException {
    int count = in.count(what);
    List<CoreValueType> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(value(in));
    }
    return values;
  }

  static CoreValueType value(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int code = in.u8("core value type");
    return switch (code) {
      case 0x7f -> CoreValueType.I32;
      case 0x7e -> CoreValueType.I64;
      case 0x7d -> CoreValueType.F32;
      case 0x7c -> CoreValueType.F64;
      case 0x7b -> CoreValueType.V128;
      case 0x70 -> CoreValueType.FUNCREF;
      case 0x6f -> CoreValueType.EXTERNREF;
      case 0x63, 0x64 -> {
        long heap = in.s33("heap type");
        yield code == 0x63 && heap == -0x10
            ? CoreValueType.FUNCREF
            : code == 0x63 && heap == -0x11 ? CoreValueType.EXTERNREF : CoreValueType.OTHER_REF;
      }
      default -> {
        if (code >= 0x68 && code <= 0x74) {
          yield CoreValueType.OTHER_REF;
        }
        throw in.malformed(start, "core value type: 0x" + BinaryReader.hex(code));
      }
    };
  }

  private static CoreTypeAst module(BinaryReader in) throws InvalidComponentException {
    int count = in.count("module declarators");
    List<CoreTypeAst.Declarator> declarators = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int start = in.offset();
      int kind = in.u8("module declarator");
      declarators.add(
          switch (kind) {
            case 0 ->
                new CoreTypeAst.Import(in.name("module name"), in.name("import name"), desc(in));
            case 1 -> new CoreTypeAst.Type(type(in, 1));
            case 2 -> {
              in.expect(0x10, "outer alias kind");
              in.expect(0x01, "outer alias target");
              yield new CoreTypeAst.OuterAlias(in.u32("outer count"), in.u32("type index"));
            }
            case 3 -> new CoreTypeAst.Export(in.name("export name"), desc(in));
            default -> throw in.badByte(start, kind, "type definition", "0 to 3");
          });
    }
    return new CoreTypeAst.Module(List.copyOf(declarators));
  }

  private static CoreTypeAst.Desc desc(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    return switch (in.u8("core extern type")) {
      case 0 -> new CoreTypeAst.FuncDesc(in.u32("type index"));
      case 1 -> {
        CoreValueType element = value(in);
        Limits limits = limits(in);
        yield new CoreTypeAst.Direct(
            new CoreExternType.Table(element, limits.min(), limits.max(), limits.sixtyFour()));
      }
      case 2 -> {
        Limits limits = limits(in);
        yield new CoreTypeAst.Direct(
            new CoreExternType.Memory(
                limits.min(), limits.max(), limits.shared(), limits.sixtyFour()));
      }
      case 3 -> {
        CoreValueType type = value(in);
        int mutability = in.u8("mutability");
        if (mutability > 1) {
          throw in.malformed(in.offset() - 1, "mutability (expected: 0, 1)");
        }
        yield new CoreTypeAst.Direct(new CoreExternType.Global(type, mutability == 1));
      }
      case 4 -> {
        in.expect(0, "tag attribute");
        yield new CoreTypeAst.TagDesc(in.u32("type index"));
      }
      default -> throw in.malformed(start, "core extern type (expected: 0 to 4)");
    };
  }

  private record Limits(long min, @Nullable Long max, boolean shared, boolean sixtyFour) {}

  private static Limits limits(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int flags = in.u8("limits");
    if (flags > 7) {
      throw in.malformed(start, "limits (expected: 0 to 7)");
    }
    int bits = (flags & 4) != 0 ? 64 : 32;
    long min = in.unsigned(bits, "minimum");
    @Nullable Long max = (flags & 1) != 0 ? in.unsigned(bits, "maximum") : null;
    return new Limits(min, max, (flags & 2) != 0, (flags & 4) != 0);
  }
}
