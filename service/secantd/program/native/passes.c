/* Passes over rows of data: at each point, code over the rows, whose outputs become one value each.
 *
 * Sums are added in one order whatever the number of threads and the instruction set: eight sums within a block of rows, then the
 * blocks, with the rounding of each addition kept (Neumaier 1974). Their error does not grow with the number of rows.
 */
#include <math.h>
#include <string.h>

#include "machine.h"

/* A value so far, and what rounding has taken from a sum. */
typedef struct {
  double value, rest;
} partial;

static double larger(double a, double b) { return b > a || b != b ? b : a; }
static double smaller(double a, double b) { return b < a || b != b ? b : a; }

static void add(partial *p, double x) {
  const double sum = p->value + x;
  p->rest += fabs(p->value) >= fabs(x) ? (p->value - sum) + x : (x - sum) + p->value;
  p->value = sum;
}

/* Add the first `rows` values of a block; the others are filled. */
static void reduce(partial *p, int32_t kind, adder *sum, double *values, ptrdiff_t rows, int first) {
  ptrdiff_t i = 0;
  if (kind == SUM) {
    for (i = rows; i < BLOCK; i++) values[i] = 0.0;
    add(p, sum(values));
    return;
  }
  if (first) p->value = values[i++];
  for (; i < rows; i++)
    p->value = kind == PRODUCT ? p->value * values[i]
               : kind == LARGEST ? larger(p->value, values[i]) : smaller(p->value, values[i]);
}

/* Where something overflowed, the rest is not a number. */
static double result(const partial *p, int32_t kind) { return kind == SUM && isfinite(p->value) ? p->value + p->rest : p->value; }

unsigned run_pass(const pass *p, const double *const *data, const instruction_set *set, double *const *r, ptrdiff_t points,
                  double **own, double *memory, double *seen) {
  enum { AT_ONCE = 256 };
  const program *code = p->rows;
  const fused *runs = fused_for(code, set);
  const instruction *instructions = runs ? runs->code : code->code;
  unsigned happened = 0;
  for (ptrdiff_t point = 0; point < points; point++) {
    for (int32_t k = 0; k < code->registers; k++) own[k] = memory + (size_t)k * BLOCK;
    for (int32_t k = 0; k < code->uniforms; k++) {
      double *values = own[code->columns + k];
      const double value = r[p->given[k]][point];
      for (int i = 0; i < BLOCK; i++) values[i] = value;
    }
    partial found[AT_ONCE];
    for (int32_t first = 0; first < p->count; first += AT_ONCE) {
      const int32_t last = p->count - first < AT_ONCE ? p->count : first + AT_ONCE;
      memset(found, 0, sizeof found);
      for (ptrdiff_t row = 0; row < p->length; row += BLOCK) {
        const ptrdiff_t rows = p->length - row < BLOCK ? p->length - row : BLOCK;
        for (int32_t k = 0; k < code->columns; k++) {
          const double *column = data[k] + row;
          if (rows == BLOCK && (uintptr_t)column % sizeof(double) == 0) {
            own[k] = (double *)(uintptr_t)column;
            continue;
          }
          own[k] = memory + (size_t)k * BLOCK;
          memcpy(own[k], column, (size_t)rows * sizeof(double));
          for (ptrdiff_t i = rows; i < BLOCK; i++) own[k][i] = own[k][rows - 1];
        }
        happened |= set->step(instructions, code->length, own, seen);
        for (int32_t k = first; k < last; k++) {
          const reduction *q = &p->reductions[k];
          reduce(&found[k - first], q->kind, set->sum, own[code->outputs[q->output]], rows, row == 0);
        }
      }
      for (int32_t k = first; k < last; k++) r[p->reductions[k].into][point] = result(&found[k - first], p->reductions[k].kind);
    }
  }
  /* The block is filled with its last point, as everywhere. */
  for (int32_t k = 0; k < p->count; k++) {
    double *values = r[p->reductions[k].into];
    for (ptrdiff_t i = points; i < BLOCK; i++) values[i] = values[points - 1];
  }
  return happened;
}
