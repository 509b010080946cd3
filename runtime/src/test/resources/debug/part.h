__attribute__((noinline)) static int part(int of, int by) {
  return of / by; // at: part
}
