package io.wattle.runtime.abi;

/**
 * What a component instance's table can hold: resources, waitables, waitable sets, error contexts.
 */
public interface TableEntry {
  /** What it is, for messages: "a subtask". */
  String what();
}
