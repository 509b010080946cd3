/**
 * WIT types: what values, functions, interfaces and worlds look like (component-model Explainer,
 * "Type Definitions").
 */
@NullMarked
package io.wattle.wit.type;

import org.jspecify.annotations.NullMarked;
