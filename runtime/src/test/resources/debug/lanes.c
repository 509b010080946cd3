// Vectors; made with DWARF 5 (build.sh).
typedef int int4 __attribute__((vector_size(16)));

int far(int address, int distance) {
  int4 near = *(const int4 *)address;
  int4 other = *(const int4 *)(address + distance); // at: far
  near = near * other + near;
  *(int4 *)(address - distance) = near; // at: back
  return near[1] / near[3]; // at: division
}
