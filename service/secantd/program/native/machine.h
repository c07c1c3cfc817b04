/* A machine that runs the code of a tape over blocks of points. See machine.c. */
#ifndef SECANT_MACHINE_H
#define SECANT_MACHINE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "operations.h"

/* Points in a block: a register of so many doubles takes 1 kB, and dozens of them fit the first cache. */
#define BLOCK 128

enum operation {
#define OPERATION(name, text, arguments, forms) OP_##name,
  ARITHMETIC PAIRS FUNCTIONS CONTROL
#undef OPERATION
  OPERATIONS
};

#define FIRST_FUNCTION OP_EXP

/* What happened while a block was computed; whether a column has a very large or small number, or NaN. */
enum { OVERFLOWED = 1, UNDERFLOWED = 2, NOT_FINITE = 4, HARD = 8 };

/* register `out` <- op(registers a, b, c); `form` is op + OPERATIONS * (which arguments are the same at all points). */
typedef struct {
  int32_t op, out, a, b, c, form;
} instruction;

/* a and b cannot both be the same at all points: in this form they are one register. */
enum { SAME_A = 1, SAME_B = 2, SAME_C = 4, TWICE = SAME_A + SAME_B };

/* The form of an instruction with which a run of `c` instructions begins that is machine code; its address is in the next one's place. */
enum { FUSED = -1 };

typedef struct pass pass;
typedef struct fused fused;

/* Code over registers: first those of the columns, then those of the uniform values, then the others. */
typedef struct {
  instruction *code;
  int32_t *outputs; /* the register of each output: none of a column or of a uniform value, no two the same */
  int32_t length, columns, uniforms, registers, results;
  int32_t silent; /* whether an instruction may return an infinity or NaN although no flag is set */
  pass *passes; /* over rows of data, in the order of their positions */
  int32_t pass_count;
  int32_t points; /* that were computed before its runs of arithmetic were written as machine code; -1 afterwards */
  fused *_Atomic fused; /* NULL where there is none */
} program;

/* How the values of an output of rows become one value. */
enum { SUM, PRODUCT, LARGEST, SMALLEST, REDUCTIONS };

typedef struct {
  int32_t kind, output, into; /* which output of the rows' code, which register of the points' code */
} reduction;

/* At each point, code over rows of data whose uniform values are registers of the points' code; its outputs are reduced to registers
 * of the points' code. It runs before the instruction `position` of the points' code. */
struct pass {
  program *rows;
  void *owner; /* what keeps `rows` in memory */
  int32_t *given;
  reduction *reductions;
  int32_t position, count;
  ptrdiff_t length;
};

/* Sums of the outputs over parts of the points instead of the outputs: a pair for each output of each part, a double and what rounding
 * has taken from it; and what happened in each part. Parts begin at the first point of the job. */
typedef struct {
  double *pairs;
  unsigned char *happened;
  ptrdiff_t part; /* points in a part */
} sums;

/* The points first, ..., last - 1 of the columns, with one value of each uniform for all points. The columns of the passes follow
 * those of the points. */
typedef struct {
  const program *code;
  const double *const *columns;
  const double *uniforms;
  double *const *outputs;
  ptrdiff_t first, last;
  double far; /* 0, or columns are searched for numbers of at least this size, and below its reciprocal but not 0 */
  const sums *summed; /* or NULL */
} job;

/* Runs `length` instructions over one block; returns what happened in functions of the C library. One of the SEEN doubles `seen` becomes
 * NaN if a function returned an infinity or NaN. */
enum { SEEN = 8 };
typedef unsigned stepper(const instruction *code, int32_t length, double *const *registers, double *seen);

/* Whether one of `count` doubles is infinite or NaN. */
typedef int checker(const double *values, ptrdiff_t count);

/* Whether one of `count` doubles has at least the size `far`, or at most `near` but is not 0, or is NaN. */
typedef int searcher(const double *values, ptrdiff_t count, double near, double far);

/* Copies a block to memory past the caches; its first byte is that of a line. Without a block, waits until all are written. */
typedef void storer(const double *values, double *memory);

/* The sum of the doubles of a block. */
typedef double adder(const double *values);

/* Adds a block to SUM_LANES sums side by side, and the rounding errors of these additions to as many doubles behind them. */
enum { SUM_LANES = 8 };
typedef void exact_adder(double *lanes, const double *values);

/* An instruction set: its name, the code for it, whether this processor has it. */
typedef struct {
  const char *name;
  stepper *step;
  checker *infinite;
  searcher *hard;
  storer *store;
  adder *sum;
  exact_adder *add;
  int (*present)(void);
  int lanes; /* doubles of a vector, 1 without vectors */
} instruction_set;

/* Runs a run over so many bytes of its registers, for example a block; adds 0 times each column of the program to `seen`. */
typedef void machine_code(double *const *registers, double *seen, ptrdiff_t bytes);

/* Runs of a program as machine code for one instruction set; its other instructions are as before. See fuse.c. */
struct fused {
  const instruction_set *set;
  instruction *code;
  void *memory;
  size_t size;
  machine_code *whole; /* the program, if it is one run that needs columns and outputs only: over any number of blocks */
  int sees_columns; /* whether `seen` is NaN where a column has an infinity or NaN */
};

/* The runs of a program for an instruction set, NULL where there are none. */
static inline const fused *fused_for(const program *p, const instruction_set *set) {
  const fused *f = atomic_load_explicit(&p->fused, memory_order_acquire);
  return f && f->set == set ? f : NULL;
}

/* Writes the runs of a program and of its passes as machine code once `points` more points make that worthwhile. One thread at a time. */
void fuse_after(program *p, ptrdiff_t points);

/* Lets programs whose points are still few become machine code, or none of them. */
void allow_fusing(int allowed);

/* Frees the machine code of a program. */
void unfuse(program *p);

extern const instruction_set instruction_sets[];
extern const int instruction_set_count;
extern const char *const operation_names[OPERATIONS];
extern const int operation_arguments[OPERATIONS];
extern const int operation_forms[OPERATIONS];

/* Choose the instruction set of that name, or the best one for NULL; returns its name, NULL if there is none of that name here. */
const char *choose_instruction_set(const char *name);

/* The one that is chosen. */
const instruction_set *instruction_set_in_use(void);

/* Runs a job on at most `threads` threads, this one included; returns what happened, or -1 if there is not enough memory. */
int run_job(const job *j, int threads);

/* Runs a pass at the first `points` points of a block with the registers r; `own` and `memory` are for the registers of the rows. */
unsigned run_pass(const pass *p, const double *const *data, const instruction_set *set, double *const *r, ptrdiff_t points,
                  double **own, double *memory, double *seen);

/* Join the sums side by side and their errors to a pair. */
void join_lanes(const double *lanes, double *pair);

/* Functions of the C library at one point, by operation - FIRST_FUNCTION; those of one and of two arguments. */
typedef double unary_function(double);
typedef double binary_function(double, double);
extern unary_function *const unary_functions[OPERATIONS - FIRST_FUNCTION];
extern binary_function *const binary_functions[OPERATIONS - FIRST_FUNCTION];

/* The function of libmvec for vectors of `lanes` doubles (2, 4 or 8), NULL where there is none. */
void *vector_function(int op, int lanes);

/* What happened in a function of the C library whose results over a block contain zeros, infinities or tiny numbers. */
unsigned classify(int op, const double *a, const double *b, const double *result);

/* Values of the operations that are too long for a loop in kernels.h. */
double modulo(double a, double b);
double floored_quotient(double a, double b);

/* Steps for each instruction set; kernels.h defines them. */
stepper step_plain;
checker infinite_plain;
searcher hard_plain;
storer store_plain;
adder sum_plain;
exact_adder add_plain;
#if defined(__x86_64__) && defined(__GNUC__)
#define X86_STEPS 1
stepper step_avx2, step_avx512;
checker infinite_avx2, infinite_avx512;
searcher hard_avx2, hard_avx512;
storer store_avx2, store_avx512;
adder sum_avx2, sum_avx512;
exact_adder add_avx2, add_avx512;
#endif

#endif
