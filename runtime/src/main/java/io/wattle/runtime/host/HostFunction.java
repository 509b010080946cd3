package io.wattle.runtime.host;

import org.jspecify.annotations.Nullable;

/**
 * A function that the host implements in Java, for interfaces it knows. Arguments and result are
 * plain objects, by type:
 *
 * <ul>
 *   <li>bool: Boolean; s8, u8, s16, u16, s32: Integer; u32, s64, u64: Long (u64 as bits); f32:
 *       Float; f64: Double
 *   <li>char: Integer (code point); string: String; list&lt;u8&gt;: byte[]; other lists:
 *       List&lt;Object&gt;
 *   <li>record, tuple: Object[]; enum: Integer (case number); flags: Long (bit i is flag i)
 *   <li>option: Optional; variant: {@link Variant}; result: {@link Result}
 *   <li>own and borrow of a host resource: the Java object itself
 * </ul>
 */
@FunctionalInterface
public interface HostFunction {
  /**
   * Runs on the guest's thread and may block; waits end at the task's deadline and when it is
   * cancelled.
   *
   * @return the result, null when the function returns nothing
   * @throws InterruptedException when the guest is being stopped
   */
  @Nullable Object call(HostCall call, Object[] arguments) throws InterruptedException;
}
