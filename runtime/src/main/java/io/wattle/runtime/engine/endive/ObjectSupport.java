package io.wattle.runtime.engine.endive;

import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;

/**
 * What generated code calls for structures, arrays and casts instead of Endive's helpers of the
 * same names: charged to the store, and with objects of our own. {@link GuardPass} redirects to
 * every public method here whose name and type equal one of Endive's. Public because generated
 * classes live in a package and loader of their own; no API.
 */
public final class ObjectSupport {
  private ObjectSupport() {}

  private static ObjectSpace space(Instance instance) {
    return GuestSupport.space(instance);
  }

  // --- structures

  public static Object structNew(
      long[] values, @Nullable Object @Nullable [] objects, int type, Instance instance) {
    return space(instance).structure(type, values, objects);
  }

  public static Object structNewDefault(int type, Instance instance) {
    return space(instance).structure(type);
  }

  public static long structGet(@Nullable Object ref, int type, int field, Instance instance) {
    return GuestStruct.number(ref, field);
  }

  public static @Nullable Object structGetRef(
      @Nullable Object ref, int type, int field, Instance instance) {
    return GuestStruct.reference(ref, field);
  }

  public static long structGetS(@Nullable Object ref, int type, int field, Instance instance) {
    return GuestStruct.signed(ref, field);
  }

  public static long structGetU(@Nullable Object ref, int type, int field, Instance instance) {
    return GuestStruct.number(ref, field);
  }

  public static void structSet(
      @Nullable Object ref, long value, int type, int field, Instance instance) {
    GuestStruct.set(ref, field, value);
  }

  public static void structSetRef(
      @Nullable Object ref, @Nullable Object value, int type, int field, Instance instance) {
    GuestStruct.setReference(ref, field, value);
  }

  // --- arrays

  public static Object arrayNew(long value, int length, int type, Instance instance) {
    return space(instance).array(type, length, value, null);
  }

  public static Object arrayNewRef(
      @Nullable Object value, int length, int type, Instance instance) {
    return space(instance).array(type, length, 0, value);
  }

  public static Object arrayNewDefault(int length, int type, Instance instance) {
    return space(instance).defaultArray(type, length);
  }

  public static Object arrayNewFixed(long[] values, int type, Instance instance) {
    return space(instance).array(type, values);
  }

  public static Object arrayNewFixedRefs(@Nullable Object[] values, int type, Instance instance) {
    return space(instance).array(type, values);
  }

  public static Object arrayNewData(
      int from, int length, int type, int segment, Instance instance) {
    return space(instance).arrayOfData(type, segment, from, length);
  }

  public static Object arrayNewElem(
      int from, int length, int type, int segment, Instance instance) {
    return space(instance).arrayOfElements(instance, type, segment, from, length);
  }

  public static long arrayGet(@Nullable Object ref, int at, int type, Instance instance) {
    return ObjectSpace.array(ref, at).get(at);
  }

  public static @Nullable Object arrayGetRef(
      @Nullable Object ref, int at, int type, Instance instance) {
    return ObjectSpace.array(ref, at).references()[at];
  }

  public static long arrayGetS(@Nullable Object ref, int at, int type, Instance instance) {
    return arrayGet(ref, at, type, instance);
  }

  public static long arrayGetU(@Nullable Object ref, int at, int type, Instance instance) {
    GuestArray array = ObjectSpace.array(ref, at);
    return ObjectType.packed(array.type.kinds[0], array.get(at));
  }

  public static void arraySet(
      @Nullable Object ref, int at, long value, int type, Instance instance) {
    ObjectSpace.array(ref, at).set(at, value);
  }

  public static void arraySetRef(
      @Nullable Object ref, int at, @Nullable Object value, int type, Instance instance) {
    ObjectSpace.array(ref, at).references()[at] = value;
  }

  public static int arrayLen(@Nullable Object ref, Instance instance) {
    return ObjectSpace.array(ref).length;
  }

  public static void arrayFill(
      @Nullable Object ref, int at, long value, int count, int type, Instance instance) {
    ObjectSpace.fill(ref, at, count, value, null);
  }

  public static void arrayFillRef(
      @Nullable Object ref,
      int at,
      @Nullable Object value,
      int count,
      int type,
      Instance instance) {
    ObjectSpace.fill(ref, at, count, 0, value);
  }

  public static void arrayCopy(
      @Nullable Object to, int at, @Nullable Object from, int start, int count, Instance self) {
    ObjectSpace.copy(to, at, from, start, count);
  }

  public static void arrayInitData(
      @Nullable Object ref, int at, int from, int count, int type, int segment, Instance instance) {
    space(instance).initializeFromData(ref, at, segment, from, count);
  }

  public static void arrayInitElem(
      @Nullable Object ref, int at, int from, int count, int type, int segment, Instance instance) {
    space(instance).initializeFromElements(instance, ref, at, segment, from, count);
  }

  // --- casts

  public static int refTest(@Nullable Object ref, int type, int from, Instance instance) {
    return space(instance).matches(ref, false, type) ? 1 : 0;
  }

  public static int refTestNull(@Nullable Object ref, int type, int from, Instance instance) {
    return space(instance).matches(ref, true, type) ? 1 : 0;
  }

  public static @Nullable Object castTest(
      @Nullable Object ref, int type, int from, Instance instance) {
    return cast(ref, false, type, instance);
  }

  public static @Nullable Object castTestNull(
      @Nullable Object ref, int type, int from, Instance instance) {
    return cast(ref, true, type, instance);
  }

  private static @Nullable Object cast(
      @Nullable Object ref, boolean nullable, int type, Instance instance) {
    if (!space(instance).matches(ref, nullable, type)) {
      throw ObjectSpace.castFailure();
    }
    return ref;
  }

  public static boolean heapTypeMatch(
      @Nullable Object ref, boolean nullable, int type, int from, Instance instance) {
    return space(instance).matches(ref, nullable, type);
  }

  public static int refTestInt(int ref, int type, int from, Instance instance) {
    return space(instance).matches(ref, false, type) ? 1 : 0;
  }

  public static int refTestNullInt(int ref, int type, int from, Instance instance) {
    return space(instance).matches(ref, true, type) ? 1 : 0;
  }

  public static int castTestInt(int ref, int type, int from, Instance instance) {
    return cast(ref, false, type, instance);
  }

  public static int castTestNullInt(int ref, int type, int from, Instance instance) {
    return cast(ref, true, type, instance);
  }

  private static int cast(int ref, boolean nullable, int type, Instance instance) {
    if (!space(instance).matches(ref, nullable, type)) {
      throw ObjectSpace.castFailure();
    }
    return ref;
  }

  public static boolean heapTypeMatchInt(
      int ref, boolean nullable, int type, int from, Instance instance) {
    return space(instance).matches(ref, nullable, type);
  }

  public static int i31GetS(@Nullable Object ref) {
    return ObjectSpace.value(ref) << 1 >> 1;
  }

  public static int i31GetU(@Nullable Object ref) {
    return ObjectSpace.value(ref);
  }
}
