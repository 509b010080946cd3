package io.wattle.runtime.abi;

/**
 * What is asked of a guest's realloc for one string, step by step: first by what the string's
 * source tells of its length, then for the worst case, then for what it came to (CanonicalABI.md,
 * {@code store_string_into_range}). The guest sees each step, so none may be left out.
 *
 * @param align of the string
 * @param first bytes to begin with
 * @param worst bytes to go on with; {@link #NONE} when the first were enough
 * @param last bytes in the end; {@link #NONE} when nothing is given back
 * @param lastAlign of what is left in the end
 */
record StringRoom(int align, long first, long worst, long last, int lastAlign) {
  private static final long NONE = -1;

  /** Room that is asked for before anything is known. */
  static StringRoom of(int align, long bytes) {
    return new StringRoom(align, bytes, NONE, NONE, align);
  }

  /** And then for the worst case. */
  StringRoom worst(long bytes) {
    return new StringRoom(align, first, bytes, NONE, align);
  }

  /** And then, if it is less, for what is needed. */
  StringRoom shrunk(long bytes) {
    long before = worst == NONE ? first : worst;
    return bytes < before ? new StringRoom(align, first, worst, bytes, align) : this;
  }

  /** And then for single bytes in the place of pairs, which need no alignment. */
  StringRoom deflated(long bytes) {
    return new StringRoom(align, first, worst, bytes, 1);
  }

  /** Asks for it; where the string belongs. */
  int ask(CallContext guest) {
    int address = guest.allocate(align, first);
    long before = first;
    if (worst != NONE) {
      address = guest.reallocate(address, before, align, worst);
      before = worst;
    }
    return last == NONE ? address : guest.reallocate(address, before, lastAlign, last);
  }
}
