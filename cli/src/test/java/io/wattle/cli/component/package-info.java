@NullMarked
package io.wattle.cli.component;

import org.jspecify.annotations.NullMarked;
