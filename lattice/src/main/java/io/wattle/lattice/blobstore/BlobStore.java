package io.wattle.lattice.blobstore;

import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.wit.io.BytePipe;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A store of objects in containers: {@code wrpc:blobstore/blobstore} 0.2.0. */
public interface BlobStore {
  /** Removes all objects of a container. */
  void clear(CallContext call, String container)
      throws BlobException, CallException, InterruptedException;

  /** Whether a container is there. */
  boolean exists(CallContext call, String container)
      throws BlobException, CallException, InterruptedException;

  /** Makes a container; one that is there stays as it is. */
  void create(CallContext call, String container)
      throws BlobException, CallException, InterruptedException;

  /** Deletes a container and all its objects. */
  void delete(CallContext call, String container)
      throws BlobException, CallException, InterruptedException;

  /** When a container was made, in seconds since 1970. */
  long created(CallContext call, String container)
      throws BlobException, CallException, InterruptedException;

  /** Names of objects, in an order that stays while nothing changes. */
  List<String> list(CallContext call, String container, OptionalLong limit, OptionalLong offset)
      throws BlobException, CallException, InterruptedException;

  /** Copies an object over another or none. */
  void copy(CallContext call, ObjectId from, ObjectId to)
      throws BlobException, CallException, InterruptedException;

  /** Moves an object over another or none. */
  void move(CallContext call, ObjectId from, ObjectId to)
      throws BlobException, CallException, InterruptedException;

  /** Deletes objects; those that are not there do not matter. */
  void deleteObjects(CallContext call, String container, List<String> objects)
      throws BlobException, CallException, InterruptedException;

  /** Whether an object is there. */
  boolean has(CallContext call, ObjectId id)
      throws BlobException, CallException, InterruptedException;

  /** What is known of an object. */
  ObjectInfo info(CallContext call, ObjectId id)
      throws BlobException, CallException, InterruptedException;

  /**
   * Reads an object as it is now, whatever becomes of it meanwhile.
   *
   * @param start the first byte
   * @param end the last byte (inclusive, as the interface says); what is behind the object's end is
   *     not there
   */
  Reading read(CallContext call, ObjectId id, long start, long end)
      throws BlobException, CallException, InterruptedException;

  /**
   * Creates or replaces an object, as a whole when all its bytes are there: one whose bytes break
   * off leaves what was there before.
   *
   * @param bytes read while this returns
   * @return completes when it is done: empty, or with what went wrong
   */
  CompletableFuture<Optional<String>> write(CallContext call, ObjectId id, BytePipe bytes)
      throws BlobException, CallException, InterruptedException;

  /**
   * Bytes on their way.
   *
   * @param outcome completes after the bytes: empty, or with what went wrong
   */
  record Reading(BytePipe bytes, CompletableFuture<Optional<String>> outcome) {}
}
