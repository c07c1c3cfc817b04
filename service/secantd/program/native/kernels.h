/* The loop over instructions for one instruction set. The file that includes it defines STEP, INFINITE, IS_HARD, STORE, ADD_UP and
 * ADD_EXACTLY, the names of functions, TARGET, their attribute, LANES, the doubles of a vector, 1 without vectors, and STORE_VECTOR,
 * if there is such an instruction. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "flags.h"
#include "machine.h"

#if defined(__GNUC__)
#define NOT_INLINE __attribute__((noinline))
#else
#define NOT_INLINE
#endif

/* Registers are the same or do not overlap, so that vectors may be loaded before others are stored. */
#if defined(__clang__)
#define VECTORS _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define VECTORS _Pragma("GCC ivdep")
#else
#define VECTORS
#endif

typedef uint64_t __attribute__((may_alias)) bits;
typedef uint64_t __attribute__((may_alias, aligned(1))) bits_anywhere;
typedef double __attribute__((may_alias, aligned(1))) anywhere;
#define EXPONENT (UINT64_C(1) << 52)
#define MAGNITUDE (UINT64_MAX >> 1)

#if LANES > 1
/* In memory a register is aligned to 8 bytes only: it may be a part of a caller's column. */
typedef double vector __attribute__((vector_size(8 * LANES)));
typedef double stored __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef double unaligned __attribute__((vector_size(8 * LANES), aligned(1), may_alias));
typedef vector unary_vector_function(vector);
typedef vector binary_vector_function(vector, vector);
#endif

/* What functions make that may overflow or underflow: whether a block contains a zero, a denormal number, an infinity or NaN. */
TARGET static int extreme(const double *d) {
  const bits *u = (const bits *)d;
  uint64_t found = 0;
  for (int i = 0; i < BLOCK; i++) {
    uint64_t size = u[i] & MAGNITUDE;
    found |= (size - EXPONENT) | (size + EXPONENT);
  }
  return (int)(found >> 63);
}

/* 0 times a number is 0 or -0, 0 times an infinity or NaN is NaN; neither overflows nor underflows. */
TARGET static inline void note_infinite(const double *d, double *seen) {
#if LANES > 1
  vector sums[4] = {*(stored *)seen};
  for (int i = 0; i < BLOCK; i += 4 * LANES)
    for (int k = 0; k < 4; k++) sums[k] += *(const stored *)(d + i + k * LANES) * 0.0;
  *(stored *)seen = (sums[0] + sums[1]) + (sums[2] + sums[3]);
#else
  for (int i = 0; i < BLOCK; i++) *seen += d[i] * 0.0;
#endif
}

/* Not inline, so that no arithmetic moves between the reading of the flags and their writing. */
TARGET NOT_INLINE static unsigned function(int op, const double *a, const double *b, double *d, double *seen) {
  const flags before = get_flags();
#if LANES > 1
  void *vectors = vector_function(op, LANES);
  if (vectors && operation_arguments[op] == 1) {
    unary_vector_function *f;
    memcpy(&f, &vectors, sizeof f);
    for (int i = 0; i < BLOCK; i += LANES) *(stored *)(d + i) = f(*(const stored *)(a + i));
  } else if (vectors) {
    binary_vector_function *f;
    memcpy(&f, &vectors, sizeof f);
    for (int i = 0; i < BLOCK; i += LANES) *(stored *)(d + i) = f(*(const stored *)(a + i), *(const stored *)(b + i));
  } else
#endif
  if (operation_arguments[op] == 1) {
    unary_function *f = unary_functions[op - FIRST_FUNCTION];
    for (int i = 0; i < BLOCK; i++) d[i] = f(a[i]);
  } else {
    binary_function *f = binary_functions[op - FIRST_FUNCTION];
    for (int i = 0; i < BLOCK; i++) d[i] = f(a[i], b[i]);
  }
  set_flags(before);
  switch (op) {
    case OP_EXP: case OP_EXPM1: case OP_SINH: case OP_COSH: case OP_POW: case OP_ERFC: case OP_GAMMA: case OP_LGAMMA:
      if (!extreme(d)) return 0;
      *seen = NAN;
      return classify(op, a, b, d);
    default:
      note_infinite(d, seen);
      return 0;
  }
}

/* x, y, z: the arguments at one point. */
#define POINTS(first, second, third, value)                                                                            \
  {                                                                                                                    \
    VECTORS for (int i = 0; i < BLOCK; i++) {                                                                          \
      const double x = (first), y = (second), z = (third);                                                             \
      (void)y, (void)z;                                                                                                \
      d[i] = (value);                                                                                                  \
    }                                                                                                                  \
    break;                                                                                                             \
  }
#define LOOP(value) POINTS(a[i], 0.0, 0.0, value)
#define LOOP2(value) POINTS(a[i], b[i], 0.0, value)
/* All forms of an operation: arguments that are the same at all points are loaded once, and one that is read twice is loaded once. */
#define FORM(name, same) case OP_##name + OPERATIONS * (same):
#define FORMS2(name, value)                                                                                            \
  FORM(name, 0) POINTS(a[i], b[i], 0.0, value)                                                                         \
  FORM(name, SAME_A) { const double u = *a; POINTS(u, b[i], 0.0, value) }                                              \
  FORM(name, SAME_B) { const double v = *b; POINTS(a[i], v, 0.0, value) }                                              \
  FORM(name, TWICE) POINTS(a[i], x, 0.0, value)
#define FORMS3(name, value)                                                                                            \
  FORM(name, 0) { const double *c = registers[p->c]; POINTS(a[i], b[i], c[i], value) }                                 \
  FORM(name, SAME_A) { const double *c = registers[p->c], u = *a; POINTS(u, b[i], c[i], value) }                       \
  FORM(name, SAME_B) { const double *c = registers[p->c], v = *b; POINTS(a[i], v, c[i], value) }                       \
  FORM(name, TWICE) { const double *c = registers[p->c]; POINTS(a[i], x, c[i], value) }                                \
  FORM(name, SAME_C) { const double w = *registers[p->c]; POINTS(a[i], b[i], w, value) }                               \
  FORM(name, SAME_A + SAME_C) { const double u = *a, w = *registers[p->c]; POINTS(u, b[i], w, value) }                 \
  FORM(name, SAME_B + SAME_C) { const double v = *b, w = *registers[p->c]; POINTS(a[i], v, w, value) }                 \
  FORM(name, TWICE + SAME_C) { const double w = *registers[p->c]; POINTS(a[i], x, w, value) }
#define COMPARE(name, sign) FORMS2(name, (x != x) | (y != y) ? NAN : x sign y ? 1.0 : 0.0)

TARGET int INFINITE(const double *values, ptrdiff_t count) {
  const anywhere *d = values;
  double sum = 0.0;
  ptrdiff_t i = 0;
#if LANES > 1
  vector sums[4] = {{0.0}};
  for (; i + 4 * LANES <= count; i += 4 * LANES)
    for (int k = 0; k < 4; k++) sums[k] += *(const unaligned *)(d + i + k * LANES) * 0.0;
  const vector total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  for (int k = 0; k < LANES; k++) sum += total[k];
#endif
  for (; i < count; i++) sum += d[i] * 0.0;
  return sum != 0.0;
}

TARGET int IS_HARD(const double *values, ptrdiff_t count, double near, double far) {
  const bits_anywhere *u = (const bits_anywhere *)values;
  uint64_t below, above, found = 0;
  memcpy(&below, &near, sizeof below);
  memcpy(&above, &far, sizeof above);
  /* As integers, sizes are in the order of the numbers, and NaN is the largest. A difference below 0 has the sign. */
  for (ptrdiff_t i = 0; i < count; i++) {
    const uint64_t size = u[i] & MAGNITUDE;
    found |= (size - below - 1) | (above - 1 - size);
  }
  if (!(found >> 63)) return 0;
  /* Zeros are found, too, but are not hard. */
  for (ptrdiff_t i = 0; i < count; i++) {
    const uint64_t size = u[i] & MAGNITUDE;
    if (size && (size <= below || size >= above)) return 1;
  }
  return 0;
}

TARGET void STORE(const double *values, double *memory) {
#ifdef STORE_VECTOR
  if (values)
    for (int i = 0; i < BLOCK; i += LANES) STORE_VECTOR(memory + i, *(const stored *)(values + i));
  else __builtin_ia32_sfence();
#else
  if (values) memcpy(memory, values, BLOCK * sizeof(double));
#endif
}

/* Eight sums side by side, whatever the vectors are: the same digits with every instruction set. */
TARGET double ADD_UP(const double *values) {
  double sums[8] = {0.0};
  for (int i = 0; i < BLOCK; i += 8)
    for (int k = 0; k < 8; k++) sums[k] += values[i + k];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

TARGET void ADD_EXACTLY(double *lanes, const double *values) {
  double sums[SUM_LANES], rests[SUM_LANES];
  memcpy(sums, lanes, sizeof sums);
  memcpy(rests, lanes + SUM_LANES, sizeof rests);
  for (int i = 0; i < BLOCK; i += SUM_LANES)
    for (int k = 0; k < SUM_LANES; k++) {
      const double x = values[i + k], sum = sums[k] + x, back = sum - sums[k];
      rests[k] += (sums[k] - (sum - back)) + (x - back);
      sums[k] = sum;
    }
  memcpy(lanes, sums, sizeof sums);
  memcpy(lanes + SUM_LANES, rests, sizeof rests);
}

TARGET unsigned STEP(const instruction *code, int32_t length, double *const *registers, double *seen) {
  unsigned happened = 0;
  for (const instruction *p = code, *end = code + length; p < end; p++) {
    const double *a = registers[p->a], *b = registers[p->b];
    double *d = registers[p->out];
    switch (p->form) {
      case OP_COPY: LOOP(x)
      FORMS2(ADD, x + y)
      FORMS2(SUB, x - y)
      FORMS2(MUL, x * y)
      FORMS2(DIV, x / y)
      case OP_NEG: LOOP(-x)
      case OP_RECIPROCAL: LOOP(1.0 / x)
      case OP_SQUARE: LOOP(x * x)
      case OP_CUBE: LOOP(x * x * x)
      case OP_FOURTH: LOOP((x * x) * (x * x))
      case OP_SQRT: LOOP(sqrt(x))
      case OP_ABS: LOOP(fabs(x))
      case OP_SIGN: LOOP(x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x)
      case OP_FLOOR: LOOP(floor(x))
      case OP_CEILING: LOOP(ceil(x))
      case OP_TRUNC: LOOP(trunc(x))
      case OP_ROUND: LOOP(rint(x))
      case OP_HELD: LOOP(x > DBL_MAX ? DBL_MAX : x < -DBL_MAX ? -DBL_MAX : x)
      /* The first of two equal ones; NaN if one is NaN. */
      FORMS2(PMAX, (y > x) | (y != y) ? y : x)
      FORMS2(PMIN, (y < x) | (y != y) ? y : x)
      case OP_MODULO: LOOP2(modulo(x, y))
      case OP_QUOTIENT: LOOP2(floored_quotient(x, y))
      COMPARE(LESS, <)
      COMPARE(AT_MOST, <=)
      COMPARE(GREATER, >)
      COMPARE(AT_LEAST, >=)
      COMPARE(EQUAL, ==)
      COMPARE(UNEQUAL, !=)
      case OP_AND: LOOP2((x == 0.0) | (y == 0.0) ? 0.0 : (x == x) & (y == y) ? 1.0 : NAN)
      case OP_OR: LOOP2(((x == x) & (x != 0.0)) | ((y == y) & (y != 0.0)) ? 1.0 : (x == x) & (y == y) ? 0.0 : NAN)
      case OP_NOT: LOOP(x == 0.0 ? 1.0 : x == x ? 0.0 : NAN)
      FORMS3(IFELSE, x == 0.0 ? z : x == x ? y : NAN)
      FORMS3(ADD_ADD, x + y + z)
      FORMS3(ADD_SUB, x + y - z)
      FORMS3(ADD_FROM, z - (x + y))
      FORMS3(ADD_MUL, (x + y) * z)
      FORMS3(ADD_DIV, (x + y) / z)
      FORMS3(ADD_UNDER, z / (x + y))
      FORMS3(SUB_ADD, x - y + z)
      FORMS3(SUB_SUB, x - y - z)
      FORMS3(SUB_FROM, z - (x - y))
      FORMS3(SUB_MUL, (x - y) * z)
      FORMS3(SUB_DIV, (x - y) / z)
      FORMS3(SUB_UNDER, z / (x - y))
      FORMS3(MUL_ADD, x * y + z)
      FORMS3(MUL_SUB, x * y - z)
      FORMS3(MUL_FROM, z - x * y)
      FORMS3(MUL_MUL, x * y * z)
      FORMS3(MUL_DIV, x * y / z)
      FORMS3(MUL_UNDER, z / (x * y))
      FORMS3(DIV_ADD, x / y + z)
      FORMS3(DIV_SUB, x / y - z)
      FORMS3(DIV_FROM, z - x / y)
      FORMS3(DIV_MUL, x / y * z)
      FORMS3(DIV_DIV, x / y / z)
      FORMS3(DIV_UNDER, z / (x / y))
      FORMS2(ADD_NEG, -(x + y))
      FORMS2(MUL_NEG, -(x * y))
      FORMS2(NEG_SUB, -x - y)
      case OP_ABS_NEG: LOOP(-fabs(x))
      case FUSED: {
        machine_code *run;
        memcpy(&run, p + 1, sizeof run);
        run(registers, seen, (ptrdiff_t)(BLOCK * sizeof(double)));
        p += p->c - 1;
        break;
      }
      case OP_SKIP: {
        uint64_t taken = 0;
        if (p->c & 1) {
          for (int i = 0; i < BLOCK; i++) taken |= a[i] == 0.0;
        } else {
          for (int i = 0; i < BLOCK; i++) taken |= (a[i] < 0.0) | (a[i] > 0.0);
        }
        if (!taken) p += p->c >> 1;
        break;
      }
      default: happened |= function(p->op, a, b, d, seen);
    }
  }
  return happened;
}
