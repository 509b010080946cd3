/**
 * From definitions to a plan: index spaces are resolved, types checked, nested components inlined;
 * what is left is a list of steps that builds the component's graph in a store.
 */
@NullMarked
package io.wattle.runtime.plan;

import org.jspecify.annotations.NullMarked;
