package io.wattle.runtime.wasi.filesystem;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The way along a path, below one open directory. Each step opens one name relative to the
 * directory before, without following links; what a link says is put in its place and walked the
 * same way, and {@code ..} goes back to the directory that was left open, not to what the system
 * takes for its parent. So whoever renames directories or swaps links meanwhile changes which file
 * inside is meant, and never gets the guest outside.
 *
 * <p>What does lead outside (an absolute path, too many {@code ..}, a link that says such a thing)
 * is NOT_PERMITTED.
 */
final class Walk implements AutoCloseable {
  /** As many as Linux follows (path_resolution(7)). */
  private static final int MOST_LINKS = 40;

  /** Directories below each other that are open at a time. */
  private static final int MOST_DEPTH = 256;

  private static final int PATH_MAX = 4096;

  private final int root;
  private final ArrayList<Integer> open = new ArrayList<>();
  private final Deque<String> rest = new ArrayDeque<>();
  private String name = ".";
  private boolean slash;
  private int links;

  private Walk(int root) {
    this.root = root;
  }

  /** Goes to the directory that holds the last name of {@code path}. */
  static Walk to(int root, String path) throws FileException {
    Walk walk = new Walk(root);
    try {
      walk.prepend(path);
      walk.slash = path.endsWith("/");
      walk.toLast();
      return walk;
    } catch (FileException | RuntimeException e) {
      walk.close();
      throw e;
    }
  }

  /** Like {@link #to}, and on to what the last name means, if it is a link. */
  static Walk through(int root, String path) throws FileException {
    Walk walk = to(root, path);
    try {
      while (walk.stat().type() == FileType.SYMBOLIC_LINK) {
        walk.follow();
      }
      return walk;
    } catch (FileException | RuntimeException e) {
      walk.close();
      throw e;
    }
  }

  /** The open directory that {@link #name} is in. */
  int directory() {
    return open.isEmpty() ? root : open.getLast();
  }

  /** One name without a slash, or {@code .} for the directory itself. */
  String name() {
    return name;
  }

  /** Whether the path ends in a slash: only a directory is meant. */
  boolean slash() {
    return slash;
  }

  /** The name, of something to be made or taken away: {@code .} is neither. */
  String entry(ErrorCode otherwise) throws FileException {
    if (name.equals(".")) {
      throw new FileException(otherwise);
    }
    return name;
  }

  FileStat stat() throws FileException {
    return Native.statAt(directory(), name);
  }

  /** Whether the name is a link now. */
  boolean isLink() throws FileException {
    return !name.equals(".") && stat().type() == FileType.SYMBOLIC_LINK;
  }

  /** Goes on to what the link says that the name is. */
  void follow() throws FileException {
    expand(name);
    toLast();
  }

  private void toLast() throws FileException {
    while (true) {
      String next = rest.poll();
      if (next == null) {
        name = ".";
        return;
      }
      if (next.equals("..")) {
        if (open.isEmpty()) {
          throw new FileException(ErrorCode.NOT_PERMITTED);
        }
        Native.close(open.removeLast());
      } else if (rest.isEmpty()) {
        name = next;
        return;
      } else if (!next.equals(".")) {
        enter(next);
      }
    }
  }

  private void enter(String directory) throws FileException {
    if (open.size() >= MOST_DEPTH) {
      throw new FileException(ErrorCode.NAME_TOO_LONG);
    }
    Libc libc = Libc.get();
    try {
      int flags = Libc.O_PATH | libc.directory | libc.noFollow;
      open.add(Native.open(directory(), directory, flags, 0));
    } catch (FileException e) {
      if (e.code() != ErrorCode.NOT_DIRECTORY && e.code() != ErrorCode.LOOP) {
        throw e;
      }
      expand(directory);
    }
  }

  /** Puts what a link says before what is still to be walked; what is no link is no directory. */
  private void expand(String link) throws FileException {
    links++;
    if (links > MOST_LINKS) {
      throw new FileException(ErrorCode.LOOP);
    }
    String says;
    try {
      says = Native.readLink(directory(), link);
    } catch (FileException e) {
      throw e.code() == ErrorCode.INVALID ? new FileException(ErrorCode.NOT_DIRECTORY) : e;
    }
    prepend(says);
    slash |= rest.isEmpty() || (says.endsWith("/") && rest.size() == count(says));
  }

  private static int count(String path) {
    return split(path).size();
  }

  private void prepend(String path) throws FileException {
    if (path.isEmpty()) {
      throw new FileException(ErrorCode.NO_ENTRY);
    }
    if (path.indexOf('\0') >= 0) {
      throw new FileException(ErrorCode.INVALID);
    }
    if (path.startsWith("/")) {
      throw new FileException(ErrorCode.NOT_PERMITTED);
    }
    if (path.getBytes(StandardCharsets.UTF_8).length >= PATH_MAX) {
      throw new FileException(ErrorCode.NAME_TOO_LONG);
    }
    split(path).reversed().forEach(rest::addFirst);
  }

  private static List<String> split(String path) {
    List<String> names = new ArrayList<>();
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        names.add(part);
      }
    }
    return names;
  }

  @Override
  public void close() {
    open.forEach(Native::close);
    open.clear();
  }
}
