package io.wattle.runtime.engine.endive.scalar;

/**
 * Operations on floating-point numbers whose NaNs must come out quiet (core specification, 4.3.3
 * "NaN propagation"): Java's methods give back a signalling NaN as it came in, some of them only
 * until HotSpot has compiled them. Any addition quiets it. Public because generated classes call
 * them; named after the instructions.
 */
public final class Floats {
  private static final long QUIET_F32 = 1L << 22;
  private static final long QUIET_F64 = 1L << 51;

  private Floats() {}

  public static float f32_min(float a, float b) {
    float least = Math.min(a, b);
    return Float.isNaN(least) ? a + b : least;
  }

  public static float f32_max(float a, float b) {
    float most = Math.max(a, b);
    return Float.isNaN(most) ? a + b : most;
  }

  public static double f64_min(double a, double b) {
    double least = Math.min(a, b);
    return Double.isNaN(least) ? a + b : least;
  }

  public static double f64_max(double a, double b) {
    double most = Math.max(a, b);
    return Double.isNaN(most) ? a + b : most;
  }

  public static double f64_ceil(double x) {
    double whole = Math.ceil(x);
    return Double.isNaN(whole) ? x + x : whole;
  }

  public static double f64_floor(double x) {
    double whole = Math.floor(x);
    return Double.isNaN(whole) ? x + x : whole;
  }

  public static double f64_trunc(double x) {
    double whole = x < 0 ? Math.ceil(x) : Math.floor(x);
    return Double.isNaN(whole) ? x + x : whole;
  }

  /** The bits of a number, a NaN made quiet. */
  public static long quietF32(long bits) {
    return Float.isNaN(Float.intBitsToFloat((int) bits)) ? bits | QUIET_F32 : bits;
  }

  /** The bits of a number, a NaN made quiet. */
  public static long quietF64(long bits) {
    return Double.isNaN(Double.longBitsToDouble(bits)) ? bits | QUIET_F64 : bits;
  }
}
