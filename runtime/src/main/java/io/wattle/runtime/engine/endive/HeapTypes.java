package io.wattle.runtime.engine.endive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.CompType;
import run.endive.wasm.types.FieldType;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.RecType;
import run.endive.wasm.types.StorageType;
import run.endive.wasm.types.SubType;
import run.endive.wasm.types.TypeSection;
import run.endive.wasm.types.ValType;

/**
 * The types of a module by what they are instead of their numbers (core specification, 3.1.4
 * "rolling and unrolling" and 3.3.11 "defined types"), so that those of two modules can be
 * compared. A type's identity is a digest of its recursion group's text, in which types outside the
 * group stand by their own identities: equal digests, equal types, however the groups refer to each
 * other.
 */
final class HeapTypes {
  /** Supertypes above a type (WebAssembly JavaScript interface, 7.2). */
  static final int DEEPEST = 63;

  private final TypeSection section;
  private final String[] ids;

  /** Of equal types the number of the first one. */
  private final int[] canonical;

  /** Of each type its supertypes from the topmost on, and itself, in canonical numbers. */
  private final int[][] lines;

  private final @Nullable ObjectType[] objects;

  /** Characters of the text of all groups that equal others. */
  final long equal;

  /**
   * @throws IllegalArgumentException when a type has more supertypes than may be, or refers to one
   *     that comes after it
   */
  HeapTypes(TypeSection section) {
    this.section = section;
    int count = section.subTypeCount();
    this.ids = new String[count];
    this.canonical = new int[count];
    this.lines = new int[count][];
    this.objects = new ObjectType[count];
    Map<String, Integer> known = new HashMap<>();
    int base = 0;
    long repeated = 0;
    for (int g = 0; g < section.typeCount(); g++) {
      RecType group = section.getRecType(g);
      int size = group.subTypes().length;
      String text = text(group, base, size);
      String digest = Hashes.sha256(text.getBytes(StandardCharsets.UTF_8));
      for (int i = base; i < base + size; i++) {
        ids[i] = digest + "." + (i - base);
        canonical[i] = first(known, i);
      }
      repeated += size > 0 && canonical[base] < base ? text.length() : 0;
      for (int i = base; i < base + size; i++) {
        lines[i] = line(i);
        SubType type = section.getSubType(i);
        if (type.compType().funcType() == null) {
          objects[i] = new ObjectType(this, i, type.compType());
        }
      }
      base += size;
    }
    this.equal = repeated;
  }

  private int first(Map<String, Integer> known, int type) {
    Integer before = known.putIfAbsent(ids[type], type);
    return before == null ? type : before;
  }

  private int[] line(int type) {
    int[] supertypes = section.getSubType(type).typeIdx();
    if (supertypes.length == 0) {
      return new int[] {canonical[type]};
    }
    int[] above = lines[supertypes[0]];
    if (above == null) {
      throw new IllegalArgumentException("unknown type " + supertypes[0]);
    }
    if (above.length > DEEPEST) {
      throw new IllegalArgumentException(
          "type " + type + ": more than " + DEEPEST + " supertypes above each other");
    }
    int[] line = Arrays.copyOf(above, above.length + 1);
    line[above.length] = canonical[type];
    return line;
  }

  /** Whether a field is a vector. */
  static boolean hasVectors(TypeSection section) {
    for (int i = 0; i < section.subTypeCount(); i++) {
      CompType type = section.getSubType(i).compType();
      FieldType[] fields = {};
      if (type.structType() != null) {
        fields = type.structType().fieldTypes();
      } else if (type.arrayType() != null) {
        fields = new FieldType[] {type.arrayType().fieldType()};
      }
      for (FieldType field : fields) {
        if (ValType.V128.equals(field.storageType().valType())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether all types are of functions, which are compared by what they take and give alone. */
  static boolean arePlain(TypeSection section) {
    for (int g = 0; g < section.typeCount(); g++) {
      if (!isPlain(section.getRecType(g))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(RecType group) {
    if (group.subTypes().length != 1) {
      return false;
    }
    SubType type = group.subTypes()[0];
    FunctionType function = type.compType().funcType();
    return function != null
        && type.isFinal()
        && type.typeIdx().length == 0
        && function.params().stream().allMatch(HeapTypes::isPlain)
        && function.returns().stream().allMatch(HeapTypes::isPlain);
  }

  /** Whether a value's type says the same in each module, and is known to linking by itself. */
  private static boolean isPlain(ValType type) {
    return !type.isReference() || type.equals(ValType.FuncRef) || type.equals(ValType.ExternRef);
  }

  private String text(RecType group, int base, int size) {
    StringBuilder text = new StringBuilder();
    for (SubType type : group.subTypes()) {
      text.append(type.isFinal() ? "(final" : "(sub");
      for (int supertype : type.typeIdx()) {
        text.append(' ').append(reference(supertype, base, size));
      }
      FunctionType function = type.compType().funcType();
      if (function != null) {
        text.append(" func");
        function.params().forEach(p -> text.append(' ').append(value(p, base, size)));
        text.append(" ->");
        function.returns().forEach(r -> text.append(' ').append(value(r, base, size)));
      } else if (type.compType().structType() != null) {
        text.append(" struct");
        for (FieldType field : type.compType().structType().fieldTypes()) {
          text.append(' ').append(field(field, base, size));
        }
      } else {
        text.append(" array ").append(field(type.compType().arrayType().fieldType(), base, size));
      }
      text.append(')');
    }
    return text.toString();
  }

  private String field(FieldType field, int base, int size) {
    StorageType storage = field.storageType();
    return field.mut()
        + " "
        + (storage.packedType() == null
            ? value(storage.valType(), base, size)
            : storage.packedType().name());
  }

  private String value(ValType type, int base, int size) {
    return type.isReference()
        ? (type.isNullable() ? "null " : "ref ") + reference(type.typeIdx(), base, size)
        : Integer.toString(type.opcode());
  }

  private String reference(int type, int base, int size) {
    if (type >= base + size) {
      throw new IllegalArgumentException("unknown type " + type);
    }
    return type < 0
        ? "#" + type
        : type >= base && type < base + size ? "+" + (type - base) : ids[type];
  }

  /** Of types that equal this one the number of the first. */
  int first(int type) {
    return canonical[type];
  }

  /** A type of structs or arrays. */
  ObjectType object(int type) {
    ObjectType object = objects[type];
    if (object == null) {
      throw new IllegalArgumentException("type " + type + " is not one of objects");
    }
    return object;
  }

  /** Whether a type here is one of other types, or a subtype of it. */
  @SuppressWarnings("ReferenceEquality") // the same module's are told apart by numbers
  boolean isSubtype(int type, HeapTypes others, int other) {
    int depth = others.lines[other].length - 1;
    int[] line = lines[type];
    if (line.length <= depth) {
      return false;
    }
    return others == this
        ? line[depth] == canonical[other]
        : ids[line[depth]].equals(others.ids[other]);
  }

  /** Whether a value of a type here can be one of a type of another module's. */
  boolean matches(ValType given, HeapTypes others, ValType wanted) {
    if (!given.isReference() || !wanted.isReference()) {
      return given.opcode() == wanted.opcode();
    }
    if (given.isNullable() && !wanted.isNullable()) {
      return false;
    }
    int from = given.typeIdx();
    int to = wanted.typeIdx();
    if (from >= 0 && to >= 0) {
      return isSubtype(from, others, to);
    }
    return from == to || ValType.heapTypeSubtype(from, to, from >= 0 ? section : others.section);
  }

  /** Whether both types are the same. */
  boolean equal(ValType given, HeapTypes others, ValType wanted) {
    return matches(given, others, wanted) && others.matches(wanted, this, given);
  }
}
