@NullMarked
package io.wattle.providers.httpclient;

import org.jspecify.annotations.NullMarked;
