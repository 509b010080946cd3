package io.wattle.lattice.blobstore;

/**
 * What is known of an object.
 *
 * @param createdAt seconds since 1970, 0 when it is not known
 * @param size in bytes
 */
public record ObjectInfo(long createdAt, long size) {}
