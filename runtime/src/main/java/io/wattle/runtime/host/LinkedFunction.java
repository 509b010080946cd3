package io.wattle.runtime.host;

import io.wattle.wit.value.ValueSink;
import io.wattle.wit.value.ValueSource;
import java.util.function.Consumer;

/**
 * An imported function that somebody else serves, reached by a link: parameters are lifted straight
 * into the encoder and results lowered straight from the decoder, without a tree of values.
 */
@FunctionalInterface
public interface LinkedFunction {
  /**
   * Calls it, blocking.
   *
   * @param call the invocation it belongs to
   * @param parameters writes the parameters, one after the other, to the sink it is given
   * @return where the result is read from
   * @throws io.wattle.runtime.engine.TrapException of kind IMPORT_FAILED when there is no answer
   * @throws InterruptedException when the guest is being stopped
   */
  ValueSource call(HostCall call, Consumer<ValueSink> parameters) throws InterruptedException;
}
