package io.wattle.providers;

import io.wattle.lattice.call.AsyncShape;
import io.wattle.lattice.call.CallHandler;
import java.util.List;

/**
 * A function a provider offers.
 *
 * @param instance WIT instance on the wire, {@code wrpc:keyvalue/store@0.2.0-draft}
 * @param function {@code get}
 * @param parameters streams and futures among the parameters
 * @param handler answers; the request's context says who calls, and over which link
 */
public record ProviderExport(
    String instance, String function, List<AsyncShape> parameters, CallHandler handler) {
  public ProviderExport {
    parameters = List.copyOf(parameters);
  }
}
