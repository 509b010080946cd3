package io.wattle.controlplane.lease;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What is written under the lease's key.
 *
 * @param holder who holds it; another one each time it is taken
 * @param term counts who held it, later ones have greater numbers; 0 while it is being taken
 */
record LeaseRecord(@JsonProperty("holder") String holder, @JsonProperty("term") long term) {}
