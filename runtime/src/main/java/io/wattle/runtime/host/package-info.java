/** What a host gives to components: functions, resources, and links to others. */
@NullMarked
package io.wattle.runtime.host;

import org.jspecify.annotations.NullMarked;
