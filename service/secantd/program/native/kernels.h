/* The loop over instructions for one instruction set. The file that includes it defines STEP, INFINITE and ADD_UP, the names of functions,
 * TARGET, their attribute, and LANES, the doubles of a vector, 1 without vectors. */
#include <float.h>
#include <math.h>
#include <string.h>

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
#define EXPONENT (UINT64_C(1) << 52)
#define MAGNITUDE (UINT64_MAX >> 1)

/* The processor's flags, which functions of the C library change at will. */
#if defined(__x86_64__) && defined(__GNUC__)
typedef unsigned flags;
static inline flags get_flags(void) { return __builtin_ia32_stmxcsr(); }
static inline void set_flags(flags f) {
  /* Writing them takes ten times as long as reading. */
  if (__builtin_ia32_stmxcsr() != f) __builtin_ia32_ldmxcsr(f);
}
#else
#include <fenv.h>
typedef fenv_t flags;
static inline flags get_flags(void) {
  flags f;
  fegetenv(&f);
  return f;
}
static inline void set_flags(flags f) { fesetenv(&f); }
#endif

#if LANES > 1
/* In memory a register is aligned to 8 bytes only: it may be a part of a caller's column. */
typedef double vector __attribute__((vector_size(8 * LANES)));
typedef double stored __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef vector unary_vector_function(vector);
typedef vector binary_vector_function(vector, vector);
#endif

/* Whether a block contains a zero, a denormal number, an infinity or NaN. */
TARGET static int extreme(const double *d) {
  const bits *u = (const bits *)d;
  uint64_t found = 0;
  for (int i = 0; i < BLOCK; i++) {
    uint64_t size = u[i] & MAGNITUDE;
    found |= (size - EXPONENT) | (size + EXPONENT);
  }
  return (int)(found >> 63);
}

/* Not inline, so that no arithmetic moves between the reading of the flags and their writing. */
TARGET NOT_INLINE static unsigned function(int op, const double *a, const double *b, double *d) {
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
      return extreme(d) ? classify(op, a, b, d) : 0;
    default: return 0;
  }
}

/* x, y, z: the arguments at one point. */
#define LOOP(value)                                                                                                    \
  {                                                                                                                    \
    VECTORS for (int i = 0; i < BLOCK; i++) {                                                                          \
      const double x = a[i];                                                                                           \
      d[i] = (value);                                                                                                  \
    }                                                                                                                  \
    break;                                                                                                             \
  }
#define LOOP2(value)                                                                                                   \
  {                                                                                                                    \
    VECTORS for (int i = 0; i < BLOCK; i++) {                                                                          \
      const double x = a[i], y = b[i];                                                                                 \
      d[i] = (value);                                                                                                  \
    }                                                                                                                  \
    break;                                                                                                             \
  }
#define LOOP3(value)                                                                                                   \
  {                                                                                                                    \
    const double *c = registers[p->c];                                                                                 \
    VECTORS for (int i = 0; i < BLOCK; i++) {                                                                          \
      const double x = a[i], y = b[i], z = c[i];                                                                       \
      d[i] = (value);                                                                                                  \
    }                                                                                                                  \
    break;                                                                                                             \
  }
#define COMPARE(sign) LOOP2((x != x) | (y != y) ? NAN : x sign y ? 1.0 : 0.0)

TARGET int INFINITE(const double *values) {
  const bits *u = (const bits *)values;
  /* Adding 1 to the exponent of an infinity or NaN reaches the sign. */
  const uint64_t exponent = UINT64_C(0x7ff) << 52;
  uint64_t found = 0;
  for (int i = 0; i < BLOCK; i++) found |= (u[i] & exponent) + EXPONENT;
  return (int)(found >> 63);
}

/* Eight sums side by side, whatever the vectors are: the same digits with every instruction set. */
TARGET double ADD_UP(const double *values) {
  double sums[8] = {0.0};
  for (int i = 0; i < BLOCK; i += 8)
    for (int k = 0; k < 8; k++) sums[k] += values[i + k];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

TARGET unsigned STEP(const instruction *code, int32_t length, double *const *registers) {
  unsigned happened = 0;
  for (const instruction *p = code, *end = code + length; p < end; p++) {
    const double *a = registers[p->a], *b = registers[p->b];
    double *d = registers[p->out];
    switch (p->op) {
      case OP_COPY: LOOP(x)
      case OP_ADD: LOOP2(x + y)
      case OP_SUB: LOOP2(x - y)
      case OP_MUL: LOOP2(x * y)
      case OP_DIV: LOOP2(x / y)
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
      case OP_PMAX: LOOP2((y > x) | (y != y) ? y : x)
      case OP_PMIN: LOOP2((y < x) | (y != y) ? y : x)
      case OP_MODULO: LOOP2(modulo(x, y))
      case OP_QUOTIENT: LOOP2(floored_quotient(x, y))
      case OP_LESS: COMPARE(<)
      case OP_AT_MOST: COMPARE(<=)
      case OP_GREATER: COMPARE(>)
      case OP_AT_LEAST: COMPARE(>=)
      case OP_EQUAL: COMPARE(==)
      case OP_UNEQUAL: COMPARE(!=)
      case OP_AND: LOOP2((x == 0.0) | (y == 0.0) ? 0.0 : (x == x) & (y == y) ? 1.0 : NAN)
      case OP_OR: LOOP2(((x == x) & (x != 0.0)) | ((y == y) & (y != 0.0)) ? 1.0 : (x == x) & (y == y) ? 0.0 : NAN)
      case OP_NOT: LOOP(x == 0.0 ? 1.0 : x == x ? 0.0 : NAN)
      case OP_IFELSE: LOOP3(x == 0.0 ? z : x == x ? y : NAN)
      case OP_ADD_ADD: LOOP3(x + y + z)
      case OP_ADD_SUB: LOOP3(x + y - z)
      case OP_ADD_FROM: LOOP3(z - (x + y))
      case OP_ADD_MUL: LOOP3((x + y) * z)
      case OP_SUB_ADD: LOOP3(x - y + z)
      case OP_SUB_SUB: LOOP3(x - y - z)
      case OP_SUB_FROM: LOOP3(z - (x - y))
      case OP_SUB_MUL: LOOP3((x - y) * z)
      case OP_MUL_ADD: LOOP3(x * y + z)
      case OP_MUL_SUB: LOOP3(x * y - z)
      case OP_MUL_FROM: LOOP3(z - x * y)
      case OP_MUL_MUL: LOOP3(x * y * z)
      case OP_ADD_NEG: LOOP2(-(x + y))
      case OP_MUL_NEG: LOOP2(-(x * y))
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
      default: happened |= function(p->op, a, b, d);
    }
  }
  return happened;
}
