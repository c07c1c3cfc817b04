/* Sums side by side joined to a pair of doubles. */
#include "machine.h"

/* The rounding error of an addition is a double, whatever the sizes of the terms (Knuth, The Art of Computer Programming 2, 4.2.2). */
void join_lanes(const double *lanes, double *pair) {
  double total = lanes[0], rest = lanes[SUM_LANES];
  for (int k = 1; k < SUM_LANES; k++) {
    const double sum = total + lanes[k], back = sum - total;
    rest += (total - (sum - back)) + (lanes[k] - back);
    rest += lanes[SUM_LANES + k];
    total = sum;
  }
  pair[0] = total + rest;
  pair[1] = rest - (pair[0] - total);
}
