/* The functions of the C library: one value at a time, and vectors by glibc's libmvec where the machine has it. */
#define _GNU_SOURCE
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "machine.h"

#if defined(X86_STEPS) && defined(__GLIBC__)
#define LIBMVEC 1
#include <dlfcn.h>
#endif

/* (zeta(k) - 1)/k, alternating, k = 26, ..., 2: lgamma(2 + z) = (1 - Euler) z + sum (-1)^k (zeta(k) - 1) z^k/k  (DLMF 5.7.3) */
static const double zeta_series[] = {
  1.4901554828365043e-08 / 26, -2.9803503514652280e-08 / 25, 5.9608189051259480e-08 / 24, -1.1921992596531106e-07 / 23,
  2.3845050272773300e-07 / 22, -4.7693298678780640e-07 / 21, 9.5396203387279620e-07 / 20, -1.9082127165539390e-06 / 19,
  3.8172932649998400e-06 / 18, -7.6371976378997630e-06 / 17, 1.5282259408651870e-05 / 16, -3.0588236307020490e-05 / 15,
  6.1248135058704830e-05 / 14, -1.2271334757848915e-04 / 13, 2.4608655330804830e-04 / 12, -4.9418860411946450e-04 / 11,
  9.9457512781808530e-04 / 10, -2.0083928260822143e-03 / 9, 4.0773561979443400e-03 / 8, -8.3492773819228270e-03 / 7,
  1.7343061984449140e-02 / 6, -3.6927755143369930e-02 / 5, 8.2323233711138190e-02 / 4, -2.0205690315959430e-01 / 3,
  6.4493406684822640e-01 / 2,
};

static double near_two(double z) {
  double total = 0.0;
  for (size_t k = 0; k < sizeof zeta_series / sizeof *zeta_series; k++) total = total * z + zeta_series[k];
  return z * (0.42278433509846713 + z * total);
}

static double log_gamma(double x) {
  if (x >= 1.5 && x <= 2.5) return near_two(x - 2.0);
  if (x >= 0.5 && x < 1.5) return near_two(x - 1.0) - log1p(x - 1.0);
#if defined(_WIN32)
  return lgamma(x);
#else
  int sign; /* lgamma writes its sign to a variable that all threads share */
  return lgamma_r(x, &sign);
#endif
}

/* As in R, the poles are undefined. */
static double gamma_of(double x) { return x == 0.0 ? NAN : tgamma(x); }

#define AT(op) [OP_##op - FIRST_FUNCTION]
unary_function *const unary_functions[OPERATIONS - FIRST_FUNCTION] = {
  AT(EXP) = exp,     AT(EXPM1) = expm1, AT(LOG) = log,     AT(LOG2) = log2,   AT(LOG10) = log10, AT(LOG1P) = log1p,
  AT(SIN) = sin,     AT(COS) = cos,     AT(TAN) = tan,     AT(ASIN) = asin,   AT(ACOS) = acos,   AT(ATAN) = atan,
  AT(SINH) = sinh,   AT(COSH) = cosh,   AT(TANH) = tanh,   AT(ASINH) = asinh, AT(ACOSH) = acosh, AT(ATANH) = atanh,
  AT(ERF) = erf,     AT(ERFC) = erfc,   AT(GAMMA) = gamma_of, AT(LGAMMA) = log_gamma,
};
binary_function *const binary_functions[OPERATIONS - FIRST_FUNCTION] = {AT(POW) = pow, AT(ATAN2) = atan2};

const char *const operation_names[OPERATIONS] = {
#define OPERATION(name, text, arguments, forms) text,
  ARITHMETIC PAIRS FUNCTIONS CONTROL
#undef OPERATION
};
const int operation_arguments[OPERATIONS] = {
#define OPERATION(name, text, arguments, forms) arguments,
  ARITHMETIC PAIRS FUNCTIONS CONTROL
#undef OPERATION
};
const int operation_forms[OPERATIONS] = {
#define OPERATION(name, text, arguments, forms) forms,
  ARITHMETIC PAIRS FUNCTIONS CONTROL
#undef OPERATION
};

#ifdef LIBMVEC

/* Vector functions for 2, 4 and 8 doubles. */
static void *vector_functions[3][OPERATIONS - FIRST_FUNCTION];

/* Before main, so that no thread reads the table while it is written. */
__attribute__((constructor)) static void find_vector_functions(void) {
  static const char sets[3] = {'b', 'd', 'e'};
  void *library = dlopen("libmvec.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  for (int set = 0; set < 3; set++)
    for (int op = FIRST_FUNCTION; op < OP_SKIP; op++) {
      /* The vector function ABI of x86-64: instruction set, not masked, lanes, a v for each argument. */
      char name[40];
      const int lanes = 2 << set;
      snprintf(name, sizeof name, "_ZGV%cN%d%s_%s", sets[set], lanes, operation_arguments[op] == 1 ? "v" : "vv",
               operation_names[op]);
      vector_functions[set][op - FIRST_FUNCTION] = dlsym(library, name);
    }
}

void *vector_function(int op, int lanes) {
  return vector_functions[lanes == 8 ? 2 : lanes == 4 ? 1 : 0][op - FIRST_FUNCTION];
}

#else

void *vector_function(int op, int lanes) {
  (void)op, (void)lanes;
  return NULL;
}

#endif

unsigned classify(int op, const double *a, const double *b, const double *result) {
  const int to_zero = op == OP_EXP || op == OP_POW || op == OP_ERFC;
  unsigned happened = 0;
  for (int i = 0; i < BLOCK; i++) {
    const double r = result[i], size = fabs(r);
    if (size >= DBL_MIN && size <= DBL_MAX) continue;
    if (!isfinite(a[i]) || (operation_arguments[op] == 2 && !isfinite(b[i])) || isnan(r)) continue;
    /* A power of 0 is exact. */
    if (op == OP_POW && a[i] == 0.0) continue;
    if (isinf(r)) happened |= OVERFLOWED;
    else if (r != 0.0 || to_zero) happened |= UNDERFLOWED;
  }
  return happened;
}

/* Python's and R's remainder, with the sign of b. */
double modulo(double a, double b) {
  double rest = fmod(a, b);
  if (b == 0.0 || isnan(rest)) return rest;
  if (rest == 0.0) return copysign(0.0, b);
  return (b < 0.0) != (rest < 0.0) ? rest + b : rest;
}

/* floor(a/b), as NumPy and Python correct its rounding; a/b where that is not finite. */
double floored_quotient(double a, double b) {
  const double quotient = a / b;
  if (!isfinite(quotient)) return quotient;
  double rest = fmod(a, b), whole = (a - rest) / b;
  if (rest != 0.0 && (b < 0.0) != (rest < 0.0)) whole -= 1.0;
  if (whole == 0.0) return copysign(0.0, quotient);
  const double down = floor(whole);
  return whole - down > 0.5 ? down + 1.0 : down;
}
