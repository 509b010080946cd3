package io.wattle.runtime.component;

import io.wattle.wit.type.ResourceType;

/**
 * A resource that a component defines, seen from outside: only good for the {@link
 * ComponentInstance} it came from.
 *
 * @param type its type
 * @param rep the component's own number for it
 */
public record GuestResource(ResourceType type, int rep) {}
