package io.wattle.runtime.plan;

/** What can be instantiated: a component, or what is known of one by its type. */
sealed interface Instantiable permits Closure, TypeScheme {}
