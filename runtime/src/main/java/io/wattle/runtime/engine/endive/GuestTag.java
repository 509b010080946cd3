package io.wattle.runtime.engine.endive;

import io.wattle.runtime.engine.CoreExternType;
import io.wattle.runtime.engine.CoreTag;
import run.endive.runtime.TagInstance;

/**
 * An exception tag of an instance.
 *
 * @param module that exports it
 * @param functionType there
 */
record GuestTag(
    TagInstance instance, CoreExternType.Tag type, EndiveModule module, int functionType)
    implements CoreTag {}
