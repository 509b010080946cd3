package io.wattle.lattice.kv;

/** A value and the revision of the bucket that wrote it. */
public record Versioned<T>(T value, long revision) {}
