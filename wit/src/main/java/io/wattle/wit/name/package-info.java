/** Names of imports and exports (component-model Explainer, "Import and Export Definitions"). */
@NullMarked
package io.wattle.wit.name;

import org.jspecify.annotations.NullMarked;
