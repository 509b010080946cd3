package io.wattle.lattice.control;

import java.util.Map;

/**
 * Who could run this component? (section 2.6)
 *
 * @param constraints labels a host must have, exactly
 */
public record ComponentAuction(
    String componentRef, String componentId, Map<String, String> constraints) {
  public ComponentAuction {
    componentRef = Defaults.text(componentRef);
    componentId = Defaults.required("component_id", componentId);
    constraints = Defaults.map(constraints);
  }
}
