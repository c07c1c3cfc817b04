/* One point at a time. See walk.c and search.c. */
#ifndef SECANT_WALK_H
#define SECANT_WALK_H

#include "calls.h"

/* Compute registers at one point; returns whether Python would have raised an exception. */
int compute(const program *p, double *r);

/* A path: x, the memory and the counters of the update rule are the columns of `update` before the gradient. */
typedef struct {
  const program *gradient, *update;
  double *state, *rows;
  const double *limits; /* of |gradient|^2, of squares of watched numbers, and of squares of variables beside them */
  int32_t n, valued, wide;
} path;

/* Whether digits may have been lost at the point whose registers these are. */
int is_hard(const path *w, const double *r);

#endif
