package io.wattle.runtime.binary;

import io.wattle.runtime.InvalidComponentException;
import io.wattle.runtime.InvalidComponentException.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decodes a component binary into its definitions (Binary.md, {@code component}). */
public final class ComponentDecoder {
  /** Components inside components. */
  static final int MAX_NESTING = 64;

  /** Definitions of one binary. */
  private static final int MAX_DEFINITIONS = 1_000_000;

  private static final String[] SECTIONS = {
    "custom section",
    "core module section",
    "core instance section",
    "core type section",
    "component section",
    "instance section",
    "alias section",
    "type section",
    "canon section",
    "start section",
    "import section",
    "export section",
    "value section"
  };

  /** What may be taken from an enclosing scope (Explainer, {@code outeraliassort}). */
  private static final Set<Sort> OUTER_SORTS =
      EnumSet.of(Sort.CORE_MODULE, Sort.CORE_TYPE, Sort.TYPE, Sort.COMPONENT);

  private int definitions;

  private ComponentDecoder() {}

  /**
   * Decodes a whole binary.
   *
   * @throws InvalidComponentException when it is a core module or malformed; the message has the
   *     offset, the section and the rule
   */
  public static ParsedComponent decode(byte[] wasm) throws InvalidComponentException {
    return new ComponentDecoder().component(new BinaryReader(wasm, "preamble"), 0);
  }

  private ParsedComponent component(BinaryReader in, int depth) throws InvalidComponentException {
    int start = in.offset();
    if (depth > MAX_NESTING) {
      throw in.malformed(start, "components are nested deeper than " + MAX_NESTING);
    }
    preamble(in, depth);
    List<Definition> into = new ArrayList<>();
    while (!in.done()) {
      int sectionStart = in.offset();
      int id = in.u8("section id");
      if (id >= SECTIONS.length) {
        throw in.malformed(sectionStart, "malformed section id: " + id + " (expected: 0 to 12)");
      }
      int size = in.u32("section size");
      if (size > in.left()) {
        throw in.malformed(
            sectionStart,
            "unexpected end-of-file: "
                + SECTIONS[id]
                + " size: "
                + size
                + " (expected: at most the "
                + in.left()
                + " bytes left)");
      }
      BinaryReader section = in.slice(size, SECTIONS[id]);
      section(id, section, into, depth);
      if (!section.done()) {
        throw section.malformed(
            section.offset(), section.left() + " bytes after the section's end");
      }
    }
    return new ParsedComponent(start, List.copyOf(into));
  }

  private static void preamble(BinaryReader in, int depth) throws InvalidComponentException {
    int start = in.offset();
    byte[] magic = {0, 'a', 's', 'm'};
    for (byte b : magic) {
      if (in.u8("magic") != b) {
        throw in.malformed(start, "magic header not detected: this is no WebAssembly binary");
      }
    }
    int version = in.u8("version") | in.u8("version") << 8;
    int layer = in.u8("layer") | in.u8("layer") << 8;
    if (layer == 0 && version == 1) {
      throw depth == 0
          ? new InvalidComponentException(
              Reason.CORE_MODULE,
              "this is a core WebAssembly module, not a component; make one of it with"
                  + " `wasm-tools component new`")
          : in.malformed(start, "a core module where a component was expected");
    }
    if (layer != 1 || version != 0x0d) {
      throw in.malformed(
          start,
          "unknown binary version: "
              + version
              + ", layer "
              + layer
              + " (expected: version 13, layer 1)");
    }
  }

  private void section(int id, BinaryReader in, List<Definition> into, int depth)
      throws InvalidComponentException {
    switch (id) {
      case 0 -> {
        in.name("custom section name");
        in.slice(in.left(), "");
      }
      case 1 -> {
        int start = in.offset();
        in.slice(in.left(), "");
        add(in, into, new Definition.Module(start, start, in.offset()));
      }
      case 4 -> {
        int start = in.offset();
        BinaryReader nested = in.slice(in.left(), "nested component");
        add(in, into, new Definition.Nested(start, component(nested, depth + 1)));
      }
      case 9 -> {
        add(in, into, new Definition.Gated(in.offset(), "a component start function"));
        in.slice(in.left(), "");
      }
      case 12 -> {
        add(in, into, new Definition.Gated(in.offset(), "component-level values"));
        in.slice(in.left(), "");
      }
      default -> {
        int count = in.count("definitions");
        for (int i = 0; i < count; i++) {
          add(in, into, definition(id, in));
        }
      }
    }
  }

  private void add(BinaryReader in, List<Definition> into, Definition definition)
      throws InvalidComponentException {
    if (++definitions > MAX_DEFINITIONS) {
      throw in.malformed(definition.offset(), "more than " + MAX_DEFINITIONS + " definitions");
    }
    into.add(definition);
  }

  private static Definition definition(int section, BinaryReader in)
      throws InvalidComponentException {
    return switch (section) {
      case 2 -> coreInstance(in);
      case 3 -> new Definition.CoreType(in.offset(), CoreTypeDecoder.type(in, 0));
      case 5 -> instance(in);
      case 6 -> alias(in);
      case 7 -> new Definition.Type(in.offset(), TypeDecoder.type(in, 0));
      case 8 -> CanonDecoder.canon(in);
      case 10 -> new Definition.Import(in.offset(), ExternNameDecoder.name(in), externDesc(in));
      case 11 -> export(in);
      default -> throw new AssertionError(section);
    };
  }

  private static Definition coreInstance(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int kind = in.u8("core instance");
    if (kind == 0) {
      int module = in.u32("module index");
      int count = in.count("arguments");
      List<Definition.CoreArg> args = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String name = in.name("argument name");
        in.expect(0x12, "instantiation arg kind");
        args.add(new Definition.CoreArg(name, in.u32("core instance index")));
      }
      return new Definition.CoreInstantiate(start, module, List.copyOf(args));
    }
    if (kind != 1) {
      throw in.badByte(start, kind, "core instance", "0, 1");
    }
    int count = in.count("exports");
    List<Definition.Named> exports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = in.name("export name");
      Sort sort = coreSort(in);
      exports.add(new Definition.Named(ExternNameAst.of(name), sort, in.u32("index")));
    }
    return new Definition.CoreInlineInstance(start, List.copyOf(exports));
  }

  private static Definition instance(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int kind = in.u8("instance");
    if (kind != 0 && kind != 1) {
      throw in.badByte(start, kind, "instance", "0, 1");
    }
    int component = kind == 0 ? in.u32("component index") : 0;
    int count = in.count("arguments");
    List<Definition.Named> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ExternNameAst name =
          kind == 0 ? ExternNameAst.of(in.name("argument name")) : ExternNameDecoder.name(in);
      Sort sort = sort(in);
      items.add(new Definition.Named(name, sort, in.u32("index")));
    }
    return kind == 0
        ? new Definition.Instantiate(start, component, List.copyOf(items))
        : new Definition.InlineInstance(start, List.copyOf(items));
  }

  static Definition alias(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    Sort sort = sort(in);
    int kindAt = in.offset();
    int kind = in.u8("alias target");
    return switch (kind) {
      case 0 ->
          new Definition.AliasExport(start, sort, in.u32("instance index"), in.name("export name"));
      case 1 ->
          new Definition.AliasCoreExport(
              start, sort, in.u32("core instance index"), in.name("export name"));
      case 2 -> {
        if (!OUTER_SORTS.contains(sort)) {
          throw in.malformed(
              start,
              "a " + sort + " cannot be aliased from an outer scope (component outer alias kind)");
        }
        yield new Definition.AliasOuter(start, sort, in.u32("outer count"), in.u32("outer index"));
      }
      default -> throw in.badByte(kindAt, kind, "alias", "0, 1, 2");
    };
  }

  private static Definition export(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    ExternNameAst name = ExternNameDecoder.name(in);
    Sort sort = sort(in);
    int index = in.u32("index");
    @Nullable ExternDesc desc = in.flag("optional component export type") ? externDesc(in) : null;
    return new Definition.Export(start, name, sort, index, desc);
  }

  static ExternDesc externDesc(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int code = in.u8("extern type");
    return switch (code) {
      case 0 -> {
        in.expect(0x11, "component external kind");
        yield new ExternDesc.Module(in.u32("core type index"));
      }
      case 1 -> new ExternDesc.Func(in.u32("type index"));
      case 2 -> throw in.unsupported(start, "component-level values are not supported");
      case 3 -> {
        int boundAt = in.offset();
        int bound = in.u8("type bound");
        yield switch (bound) {
          case 0 -> new ExternDesc.TypeEq(in.u32("type index"));
          case 1 -> new ExternDesc.SubResource();
          default -> throw in.badByte(boundAt, bound, "type bound", "0, 1");
        };
      }
      case 4 -> new ExternDesc.Component(in.u32("type index"));
      case 5 -> new ExternDesc.Instance(in.u32("type index"));
      default -> throw in.badByte(start, code, "component external kind", "0 to 5");
    };
  }

  static Sort sort(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int code = in.u8("sort");
    return switch (code) {
      case 0 -> coreSort(in);
      case 1 -> Sort.FUNC;
      case 2 -> Sort.VALUE;
      case 3 -> Sort.TYPE;
      case 4 -> Sort.COMPONENT;
      case 5 -> Sort.INSTANCE;
      default -> throw in.badByte(start, code, "sort", "0 to 5");
    };
  }

  private static Sort coreSort(BinaryReader in) throws InvalidComponentException {
    int start = in.offset();
    int code = in.u8("core sort");
    return switch (code) {
      case 0 -> Sort.CORE_FUNC;
      case 1 -> Sort.CORE_TABLE;
      case 2 -> Sort.CORE_MEMORY;
      case 3 -> Sort.CORE_GLOBAL;
      case 4 -> Sort.CORE_TAG;
      case 0x10 -> Sort.CORE_TYPE;
      case 0x11 -> Sort.CORE_MODULE;
      case 0x12 -> Sort.CORE_INSTANCE;
      default -> throw in.badByte(start, code, "core sort", "0 to 4, 0x10 to 0x12");
    };
  }
}
