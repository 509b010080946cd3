// Divides by what it is given; made with DWARF 5 (build.sh).
#include "part.h"

int unlike(int a, int b) {
  int sum = a + b;
  return part(sum, b); // at: unlike
}
