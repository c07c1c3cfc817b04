/* Runs code over blocks of points: each instruction is a loop over the 128 doubles of its registers, which stay in the first cache.
 *
 * A column, and the array of an output, is the register of its block itself; the last block, which is shorter, is computed in
 * memory of the thread's own, with its last point repeated, so that nothing happens there which no point has. Threads live as long
 * as one call: none is left when the process forks. They take the next blocks when they are done with theirs, because on a busy
 * machine one of them may wait. What happened is read from the processor's flags after arithmetic. Functions of the C library
 * change these flags at will; theirs are put back, and what happened in them is read from their results.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "flags.h"
#include "machine.h"

#if !defined(_WIN32)
#define THREADS 1
#include <pthread.h>
#endif

enum { MOST_THREADS = 64, BLOCKS_AT_ONCE = 16, LINE = 64 };
/* Bytes of all outputs from which on they leave the caches before anybody reads them. */
static const ptrdiff_t LONG_OUTPUTS = 1 << 24;

static int always(void) { return 1; }
#ifdef X86_STEPS
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
static int has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

/* From the best to the one that any processor has. */
const instruction_set instruction_sets[] = {
#ifdef X86_STEPS
  {"avx512", step_avx512, infinite_avx512, hard_avx512, store_avx512, sum_avx512, add_avx512, has_avx512, 8},
  {"avx2", step_avx2, infinite_avx2, hard_avx2, store_avx2, sum_avx2, add_avx2, has_avx2, 4},
  {"sse2", step_plain, infinite_plain, hard_plain, store_plain, sum_plain, add_plain, always, 1},
#else
  {"plain", step_plain, infinite_plain, hard_plain, store_plain, sum_plain, add_plain, always, 1},
#endif
};
const int instruction_set_count = sizeof instruction_sets / sizeof *instruction_sets;

static const instruction_set *_Atomic chosen = &instruction_sets[sizeof instruction_sets / sizeof *instruction_sets - 1];

const char *choose_instruction_set(const char *name) {
  for (int i = 0; i < instruction_set_count; i++) {
    const instruction_set *set = &instruction_sets[i];
    if (set->present() && (!name || !strcmp(name, set->name))) {
      chosen = set;
      return set->name;
    }
  }
  return NULL;
}

const instruction_set *instruction_set_in_use(void) { return chosen; }

typedef struct {
  const job *j;
  const instruction_set *set;
  const instruction *code;
  int sees_columns; /* whether the code itself finds infinities and NaN of the columns */
  machine_code *whole;
  ptrdiff_t part; /* points that a thread takes at once */
  int past_caches; /* whether outputs are written to memory without reading it first */
  atomic_ptrdiff_t next;
  atomic_uint happened;
} shared;

typedef struct {
  shared *s;
  double *memory;     /* for all registers, columns and outputs included */
  double *lanes;      /* for sums: SUM_LANES sums and as many errors of each output */
  double **registers; /* as many pointers */
} worker;

/* Registers of the points and of the pass that has the most. */
static size_t all_registers(const program *p) {
  int32_t most = 0;
  for (int32_t k = 0; k < p->pass_count; k++)
    if (p->passes[k].rows->registers > most) most = p->passes[k].rows->registers;
  return (size_t)p->registers + (size_t)most + 1;
}

/* Whether one of the columns, or of the outputs, has an infinity or NaN at some points. */
static int infinite_columns(const worker *w, ptrdiff_t begin, ptrdiff_t points) {
  const job *j = w->s->j;
  for (int32_t k = 0; k < j->code->columns; k++)
    if (w->s->set->infinite(j->columns[k] + begin, points)) return 1;
  return 0;
}
static int infinite_outputs(const worker *w, ptrdiff_t begin, ptrdiff_t points) {
  const job *j = w->s->j;
  for (int32_t k = 0; k < j->code->results; k++)
    if (w->s->set->infinite(j->outputs[k] + begin, points)) return 1;
  return 0;
}

/* Whether columns have numbers for which a caller looks. */
static int hard_columns(const worker *w, ptrdiff_t begin, ptrdiff_t points) {
  const job *j = w->s->j;
  for (int32_t k = 0; k < j->code->columns; k++)
    if (w->s->set->hard(j->columns[k] + begin, points, 1.0 / j->far, j->far)) return 1;
  return 0;
}

/* Whether a block may be computed where it is: all points exist, and doubles are aligned. */
static int in_place(const double *values, ptrdiff_t points) { return points == BLOCK && (uintptr_t)values % sizeof(double) == 0; }

static unsigned run_block(const worker *w, ptrdiff_t begin, ptrdiff_t points, double *seen) {
  const job *j = w->s->j;
  const program *p = j->code;
  double **r = w->registers;
  for (int32_t k = 0; k < p->columns; k++) {
    const double *column = j->columns[k] + begin;
    if (in_place(column, points)) {
      r[k] = (double *)(uintptr_t)column;
      continue;
    }
    r[k] = w->memory + (size_t)k * BLOCK;
    memcpy(r[k], column, (size_t)points * sizeof(double));
    for (ptrdiff_t i = points; i < BLOCK; i++) r[k][i] = r[k][points - 1];
  }
  for (int32_t k = 0; k < p->results && !j->summed; k++) {
    double *output = j->outputs[k] + begin;
    const int32_t at = p->outputs[k];
    r[at] = in_place(output, points) && !w->s->past_caches ? output : w->memory + (size_t)at * BLOCK;
  }
  unsigned happened = 0;
  int32_t position = 0;
  const double *const *data = j->columns + p->columns;
  for (int32_t k = 0; k < p->pass_count; k++) {
    const pass *q = &p->passes[k];
    happened |= w->s->set->step(w->s->code + position, q->position - position, r, seen);
    position = q->position;
    happened |= run_pass(q, data, w->s->set, r, points, r + p->registers, w->memory + (size_t)p->registers * BLOCK, seen);
    data += q->rows->columns;
  }
  happened |= w->s->set->step(w->s->code + position, p->length - position, r, seen);
  for (int32_t k = 0; k < p->results && !j->summed; k++) {
    double *output = j->outputs[k] + begin;
    const double *found = r[p->outputs[k]];
    if (found == output) continue;
    if (points == BLOCK && (uintptr_t)output % LINE == 0 && w->s->past_caches) w->s->set->store(found, output);
    else memcpy(output, found, (size_t)points * sizeof(double));
  }
  return happened;
}

/* Add the outputs of one part. Its flags are its own, so that what happened in a part does not depend on the thread. */
static void sum_part(const worker *w, ptrdiff_t first, ptrdiff_t end, double *seen) {
  const job *j = w->s->j;
  const program *p = j->code;
  const ptrdiff_t part = (first - j->first) / j->summed->part;
  hold_flags();
  memset(w->lanes, 0, (size_t)p->results * 2 * SUM_LANES * sizeof(double));
  unsigned happened = j->far != 0.0 && hard_columns(w, first, end - first) ? HARD : 0;
  for (ptrdiff_t begin = first; begin < end; begin += BLOCK) {
    const ptrdiff_t points = end - begin < BLOCK ? end - begin : BLOCK;
    happened |= run_block(w, begin, points, seen);
    for (int32_t k = 0; k < p->results; k++) {
      double *values = w->registers[p->outputs[k]];
      for (ptrdiff_t i = points; i < BLOCK; i++) values[i] = 0.0;
      w->s->set->add(w->lanes + (ptrdiff_t)k * 2 * SUM_LANES, values);
    }
  }
  if (raised() & FE_OVERFLOW) happened |= OVERFLOWED;
  if (raised() & FE_UNDERFLOW) happened |= UNDERFLOWED;
  for (int32_t k = 0; k < p->results; k++) {
    double *pair = j->summed->pairs + 2 * (part * p->results + k);
    join_lanes(w->lanes + (ptrdiff_t)k * 2 * SUM_LANES, pair);
    if (pair[0] - pair[0] != 0.0) happened |= NOT_FINITE;
  }
  j->summed->happened[part] = (unsigned char)happened;
  atomic_fetch_or(&w->s->happened, happened);
}

/* Runs blocks at once where all are in place; returns the point behind them. */
static ptrdiff_t run_whole(const worker *w, ptrdiff_t begin, ptrdiff_t end, double *seen) {
  const job *j = w->s->j;
  const program *p = j->code;
  const ptrdiff_t points = (end - begin) / BLOCK * BLOCK;
  if (!w->s->whole || w->s->past_caches || !points) return begin;
  for (int32_t k = 0; k < p->columns; k++) {
    if (!in_place(j->columns[k] + begin, BLOCK)) return begin;
    w->registers[k] = (double *)(uintptr_t)(j->columns[k] + begin);
  }
  for (int32_t k = 0; k < p->results; k++) {
    if (!in_place(j->outputs[k] + begin, BLOCK)) return begin;
    w->registers[p->outputs[k]] = j->outputs[k] + begin;
  }
  w->s->whole(w->registers, seen, points * (ptrdiff_t)sizeof(double));
  return begin + points;
}

static void *work(void *argument) {
  const worker *w = argument;
  const job *j = w->s->j;
  const program *p = j->code;
  for (int32_t k = 0; k < p->registers; k++) w->registers[k] = w->memory + (size_t)k * BLOCK;
  for (int32_t k = 0; k < p->uniforms; k++) {
    double *values = w->registers[p->columns + k];
    for (int i = 0; i < BLOCK; i++) values[i] = j->uniforms[k];
  }
  const flags before = hold_flags();
  unsigned happened = 0;
  double seen[SEEN] = {0.0};
  /* Finite numbers become infinities or NaN only where a flag says so, or in functions. Otherwise outputs are not searched. */
  const int always = p->silent || p->pass_count || w->s->set->infinite(j->uniforms, p->uniforms);
  const ptrdiff_t step_size = w->s->part;
  for (;;) {
    const ptrdiff_t first = atomic_fetch_add(&w->s->next, step_size);
    if (first >= j->last) break;
    const ptrdiff_t end = j->last - first < step_size ? j->last : first + step_size;
    if (j->summed) {
      sum_part(w, first, end, seen);
      continue;
    }
    if (j->far != 0.0 && !(happened & HARD) && hard_columns(w, first, end - first)) happened |= HARD;
    int doubtful = always;
    if (!doubtful && !w->s->sees_columns && (j->far == 0.0 || happened & HARD)) doubtful = infinite_columns(w, first, end - first);
    for (ptrdiff_t begin = run_whole(w, first, end, seen); begin < end; begin += BLOCK)
      happened |= run_block(w, begin, end - begin < BLOCK ? end - begin : BLOCK, seen);
    for (int k = 0; k < SEEN; k++) doubtful |= seen[k] != 0.0;
    doubtful |= (raised() & (FE_OVERFLOW | FE_DIVBYZERO | FE_INVALID)) != 0;
    if (doubtful && !(happened & NOT_FINITE) && infinite_outputs(w, first, end - first)) happened |= NOT_FINITE;
  }
  w->s->set->store(NULL, NULL);
  if (!j->summed && raised() & FE_OVERFLOW) happened |= OVERFLOWED;
  if (!j->summed && raised() & FE_UNDERFLOW) happened |= UNDERFLOWED;
  set_flags(before);
  atomic_fetch_or(&w->s->happened, happened);
  return NULL;
}

int run_job(const job *j, int threads) {
  const program *p = j->code;
  if (j->last <= j->first) return 0;
  if (threads > MOST_THREADS) threads = MOST_THREADS;
  if (threads < 1) threads = 1;
  ptrdiff_t part = (ptrdiff_t)BLOCKS_AT_ONCE * BLOCK;
  if (p->pass_count) {
    /* A point with its rows is long: a few parts for each thread. */
    part = (j->last - j->first - 1) / (4 * threads) + 1;
    if (part > BLOCK) part = BLOCK;
  }
  if (j->summed) part = j->summed->part;
  const ptrdiff_t parts = (j->last - j->first - 1) / part + 1;
  if (threads > parts) threads = (int)parts;
  const ptrdiff_t room = LONG_OUTPUTS / (ptrdiff_t)sizeof(double) / (p->results ? p->results : 1);
  const instruction_set *set = chosen;
  const fused *runs = fused_for(p, set);
  shared s = {.j = j, .set = set, .code = runs ? runs->code : p->code, .sees_columns = runs && runs->sees_columns, .whole = runs ? runs->whole : NULL,
              .part = part, .past_caches = j->last - j->first >= room};
  atomic_init(&s.next, j->first);
  atomic_init(&s.happened, 0u);
  worker workers[MOST_THREADS];
  const size_t lanes = j->summed ? (size_t)p->results * 2 * SUM_LANES : 0;
  const size_t registers = all_registers(p), size = (registers * BLOCK + lanes) * sizeof(double);
  double *raw = malloc((size_t)threads * (size + LINE));
  double **pointers = calloc((size_t)threads * registers, sizeof *pointers);
  if (!raw || !pointers) {
    free(raw);
    free(pointers);
    return -1;
  }
  for (int t = 0; t < threads; t++) {
    uintptr_t start = ((uintptr_t)raw + (size_t)t * (size + LINE) + LINE - 1) / LINE * LINE;
    workers[t] = (worker){&s, (double *)start, (double *)start + registers * BLOCK, pointers + (size_t)t * registers};
  }
#ifdef THREADS
  pthread_t ids[MOST_THREADS];
  int started = 1;
  /* A thread that the system refuses leaves its blocks to the others. */
  while (started < threads && !pthread_create(&ids[started], NULL, work, &workers[started])) started++;
  work(&workers[0]);
  for (int t = 1; t < started; t++) pthread_join(ids[t], NULL);
#else
  work(&workers[0]);
#endif
  free(raw);
  free(pointers);
  return (int)atomic_load(&s.happened);
}
