package io.wattle.runtime.binary;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.wit.type.ValueType.Primitive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes component-level types (Binary.md, {@code deftype}). */
final class TypeDecoder {
  private static final Primitive[] PRIMITIVES = {
    Primitive.STRING, Primitive.CHAR, Primitive.F64, Primitive.F32, Primitive.U64, Primitive.S64,
    Primitive.U32, Primitive.S32, Primitive.U16, Primitive.S16, Primitive.U8, Primitive.S8,
    Primitive.BOOL
  };

  private TypeDecoder() {}

  static TypeAst type(BinaryReader in, int depth) throws InvalidComponentException {
    int start = in.offset();
    if (depth > ComponentDecoder.MAX_NESTING) {
      throw in.malformed(start, "types are nested deeper than " + ComponentDecoder.MAX_NESTING);
    }
    int code = in.u8("type");
    @Nullable Primitive primitive = primitive(code);
    if (primitive != null) {
      return new TypeAst.Alias(new TypeRef.Prim(primitive));
    }
    return switch (code) {
      case 0x72 -> new TypeAst.RecordAst(labelled(in, "fields"));
      case 0x71 -> new TypeAst.VariantAst(cases(in));
      case 0x70 -> new TypeAst.ListAst(ref(in));
      case 0x67 -> new TypeAst.FixedListAst(ref(in), in.u32("list length"));
      case 0x6f -> new TypeAst.TupleAst(refs(in));
      case 0x6e -> new TypeAst.FlagsAst(labels(in));
      case 0x6d -> new TypeAst.EnumAst(labels(in));
      case 0x6b -> new TypeAst.OptionAst(ref(in));
      case 0x6a -> new TypeAst.ResultAst(optionalRef(in), optionalRef(in));
      case 0x69 -> new TypeAst.OwnAst(in.u32("type index"));
      case 0x68 -> new TypeAst.BorrowAst(in.u32("type index"));
      case 0x66 -> new TypeAst.StreamAst(optionalRef(in));
      case 0x65 -> new TypeAst.FutureAst(optionalRef(in));
      case 0x63 -> new TypeAst.MapAst(ref(in), ref(in));
      case 0x40 -> function(in, false);
      case 0x43 -> function(in, true);
      case 0x41 -> new TypeAst.ComponentAst(declarators(in, true, depth));
      case 0x42 -> new TypeAst.InstanceAst(declarators(in, false, depth));
      case 0x3f -> resource(in);
      default -> throw in.badByte(start, code, "component defined type", "one of Binary.md");
    };
  }

  private static @Nullable Primitive primitive(int code) {
    if (code >= 0x73 && code <= 0x7f) {
      return PRIMITIVES[code - 0x73];
    }
    return code == 0x64 ? Primitive.ERROR_CONTEXT : null;
  }

  private static TypeRef ref(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    long code = in.s33("value type");
    if (code >= 0) {
      if (code > Integer.MAX_VALUE) {
        throw in.malformed(start, "type index: " + code + " is too large");
      }
      return new TypeRef.Index((int) code);
    }
    @Nullable Primitive primitive = code >= -64 ? primitive((int) code & 0x7f) : null;
    if (primitive == null) {
      throw in.malformed(
          start, "value type: " + code + " (expected: an index or a primitive type)");
    }
    return new TypeRef.Prim(primitive);
  }

  private static @Nullable TypeRef optionalRef(BinaryReader in) throws InvalidComponentException {
    return in.flag("optional type") ? ref(in) : null;
  }

  private static List<TypeRef> refs(BinaryReader in) throws InvalidComponentException {
    int count = in.count("types");
    List<TypeRef> refs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      refs.add(ref(in));
    }
    return List.copyOf(refs);
  }

  private static List<String> labels(BinaryReader in) throws InvalidComponentException {
    int count = in.count("labels");
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      labels.add(in.name("label"));
    }
    return List.copyOf(labels);
  }

  private static List<TypeAst.Labelled> labelled(BinaryReader in, String what)
      throws InvalidComponentException {
    int count = in.count(what);
    List<TypeAst.Labelled> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(new TypeAst.Labelled(in.name("label"), ref(in)));
    }
    return List.copyOf(fields);
  }

  private static List<TypeAst.Labelled> cases(BinaryReader in) throws InvalidComponentException {
    int count = in.count("cases");
    List<TypeAst.Labelled> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cases.add(new TypeAst.Labelled(in.name("label"), optionalRef(in)));
      in.expect(0, "zero byte required");
    }
    return List.copyOf(cases);
  }

  private static TypeAst function(BinaryReader in, boolean async) throws InvalidComponentException {
    List<TypeAst.Labelled> parameters = labelled(in, "parameters");
    return new TypeAst.FuncAst(parameters, result(in), async);
  }

  static @Nullable TypeRef result(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int kind = in.u8("result list");
    return switch (kind) {
      case 0 -> ref(in);
      case 1 -> {
        in.expect(0, "number of results");
        yield null;
      }
      default -> throw in.badByte(start, kind, "component function results", "0, 1");
    };
  }

  private static TypeAst resource(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    if (in.u8("representation of a resource") != 0x7f) {
      throw in.invalid(start, "resources can only be represented by `i32`");
    }
    return new TypeAst.ResourceAst(
        in.flag("optional destructor") ? in.u32("core function index") : null);
  }

  private static List<Definition> declarators(BinaryReader in, boolean component, int depth)
      throws InvalidComponentException {
    int count = in.count("declarators");
    List<Definition> declarators = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int start = in.offset();
      int kind = in.u8("declarator");
      declarators.add(
          switch (kind) {
            case 0 -> new Definition.CoreType(start, CoreTypeDecoder.type(in, 0));
            case 1 -> new Definition.Type(start, type(in, depth + 1));
            case 2 -> ComponentDecoder.alias(in);
            case 3 -> {
              if (!component) {
                throw in.badByte(
                    start, kind, "component or instance type declaration", "no import here");
              }
              yield new Definition.Import(
                  start, ExternNameDecoder.name(in), ComponentDecoder.externDesc(in));
            }
            case 4 ->
                new Definition.ExportDecl(
                    start, ExternNameDecoder.name(in), ComponentDecoder.externDesc(in));
            default ->
                throw in.badByte(start, kind, "component or instance type declaration", "0 to 4");
          });
    }
    return List.copyOf(declarators);
  }
}
