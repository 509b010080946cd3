// Addresses of 64 bits; made with DWARF 5 (build.sh).
long far(long address, long distance) {
  long near = *(const long *)address;
  long other = *(const long *)(address + distance); // at: far
  near = near * other + near;
  *(long *)(address - distance) = near; // at: back
  return near / (near >> 63); // at: division
}
