/* Runs of arithmetic as machine code of their own.
 *
 * An instruction of the machine loads its arguments from memory and stores its result, and for sums and products that takes longer than
 * the arithmetic. A run of them is therefore written as one loop over the vectors of a block, whose values stay in vector registers.
 * Each operation is the same as in kernels.h and is rounded alike. Memory is written first and executed afterwards, never both.
 */
#include "emit.h"

#include <stdlib.h>
#include <string.h>

#if defined(X86_STEPS) && !defined(_WIN32)

#include <sys/mman.h>
#include <unistd.h>

/* Instructions of the longest run, since each is compared with all others of its run. */
enum { SHORTEST = 2, LONGEST = 96 };

/* Where the result of each instruction is read last; behind the end, where it is an output. */
static void last_reads(const program *p, int32_t *last, int32_t *of) {
  for (int32_t k = 0; k < p->registers; k++) of[k] = NOTHING;
  for (int32_t k = 0; k < p->results; k++) of[p->outputs[k]] = p->length;
  int32_t next = p->pass_count - 1;
  for (int32_t k = p->length - 1; k >= 0; k--) {
    for (; next >= 0 && p->passes[next].position > k; next--)
      for (int32_t m = 0; m < p->passes[next].rows->uniforms; m++) {
        const int32_t reg = p->passes[next].given[m];
        if (of[reg] < p->passes[next].position) of[reg] = p->passes[next].position;
      }
    const instruction *i = &p->code[k];
    if (i->op != OP_SKIP) {
      last[k] = of[i->out];
      of[i->out] = NOTHING;
    }
    const int32_t read[] = {i->a, i->b, i->c};
    const int count = i->op == OP_SKIP ? 1 : operation_arguments[i->op];
    for (int m = 0; m < count; m++)
      if (of[read[m]] < k) of[read[m]] = k;
  }
}

/* Marks the instructions before which a run ends, those to which others skip and those that a pass comes before, and those that may be
 * skipped. */
enum { BORDER = 1, SKIPPED = 2 };
static void mark(const program *p, char *marks) {
  int32_t end = 0;
  for (int32_t k = 0; k < p->length; k++) {
    if (k < end) marks[k] |= SKIPPED;
    if (p->code[k].op != OP_SKIP) continue;
    const int32_t target = k + 1 + p->code[k].c / 2;
    marks[target] |= BORDER;
    if (target > end) end = target;
  }
  for (int32_t k = 0; k < p->pass_count; k++) marks[p->passes[k].position] |= BORDER;
}

/* Whether a run that is never skipped reads a column for the first time. */
static int reads_unseen(const writer *w) {
  for (int32_t k = w->begin; k < w->end; k++)
    for (int32_t column = 0; column < w->p->columns; column++)
      if (!w->is_seen[column] && reads(&w->p->code[k], column)) return 1;
  return 0;
}

static fused *written(writer *w, const int32_t *last, const char *marks, fused *f) {
  const program *p = w->p;
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t most = CONSTANTS * LINE;
  int32_t runs = 0;
  for (int32_t k = 0, n; k < p->length; k += n ? n : 1) {
    for (n = 0; k + n < p->length && n < LONGEST && is_arithmetic(p->code[k + n].op) && !(n && marks[k + n] & BORDER); n++) continue;
    if (n < SHORTEST) continue;
    most += PER_RUN + (size_t)n * PER_INSTRUCTION;
    f->code[k].form = FUSED;
    f->code[k].c = n;
    runs++;
  }
  if (!runs) return NULL;
  f->size = (most + page - 1) / page * page;
  f->memory = mmap(NULL, f->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (f->memory == MAP_FAILED) {
    f->memory = NULL;
    return NULL;
  }
  w->bytes = f->memory;
  const uint64_t numbers[CONSTANTS] = {0, UINT64_C(0x7FF8) << 48, UINT64_C(1) << 63, UINT64_MAX >> 1, UINT64_C(0x3FF0000000000000)};
  for (int k = 0; k < CONSTANTS; k++)
    for (int n = 0; n < 8; n++) memcpy(w->bytes + k * LINE + n * 8, &numbers[k], sizeof numbers[k]);
  w->size = CONSTANTS * LINE;
  w->last = last;
  for (int32_t k = 0; k < p->length; k++) {
    if (f->code[k].form != FUSED) continue;
    w->begin = k;
    w->end = k + f->code[k].c;
    w->is_checked = !(marks[k] & SKIPPED) && reads_unseen(w);
    w->size = (w->size + 15) / 16 * 16;
    /* The next instruction is part of the run, so that its place is free. */
    const uintptr_t start = (uintptr_t)(w->bytes + w->size);
    memcpy(&f->code[k + 1], &start, sizeof start);
    write_run(w);
    k = w->end - 1;
  }
  if (w->is_whole && f->code->form == FUSED && f->code->c == p->length) memcpy(&f->whole, &f->code[1], sizeof f->whole);
  f->sees_columns = 1;
  for (int32_t k = 0; k < p->columns; k++) f->sees_columns &= w->is_seen[k];
  return mprotect(f->memory, f->size, PROT_READ | PROT_EXEC) ? NULL : f;
}

static void free_fused(fused *f) {
  if (!f) return;
  if (f->memory) munmap(f->memory, f->size);
  free(f->code);
  free(f);
}

static fused *fuse(const program *p, const instruction_set *set) {
  const int lanes = set->lanes;
  if (lanes < 4 || !p->length) return NULL;
  fused *f = calloc(1, sizeof *f);
  const size_t length = (size_t)p->length, registers = (size_t)p->registers;
  writer w = {.p = p, .lanes = lanes, .vectors = lanes == 8 ? 32 : 16};
  int32_t *last = calloc(length, sizeof *last), *of = calloc(registers, sizeof *of);
  char *marks = calloc(length + 1, 1);
  w.vector_of = calloc(registers, sizeof *w.vector_of);
  w.is_stored = calloc(registers, 1);
  w.is_seen = calloc(registers, 1);
  fused *made = NULL;
  if (f) {
    f->set = set;
    f->code = calloc(length, sizeof *f->code);
  }
  if (f && f->code && last && of && marks && w.vector_of && w.is_stored && w.is_seen) {
    memcpy(f->code, p->code, length * sizeof *f->code);
    last_reads(p, last, of);
    mark(p, marks);
    made = written(&w, last, marks, f);
  }
  free(last);
  free(of);
  free(marks);
  free(w.vector_of);
  free(w.is_stored);
  free(w.is_seen);
  if (!made) free_fused(f);
  return made;
}

void unfuse(program *p) {
  free_fused(atomic_load(&p->fused));
  atomic_store(&p->fused, NULL);
}

/* Points from which on the code is worth the time to write it. */
enum { WORTH = 4096 };

static int is_allowed = 1;
void allow_fusing(int allowed) { is_allowed = allowed; }

void fuse_after(program *p, ptrdiff_t points) {
  if (p->points < 0 || !is_allowed) return;
  p->points = points >= WORTH - p->points ? -1 : p->points + (int32_t)points;
  if (p->points >= 0) return;
  const instruction_set *set = instruction_set_in_use();
  for (int32_t k = 0; k < p->pass_count; k++) {
    program *rows = p->passes[k].rows;
    if (rows->points >= 0) atomic_store_explicit(&rows->fused, fuse(rows, set), memory_order_release);
    rows->points = -1;
  }
  atomic_store_explicit(&p->fused, fuse(p, set), memory_order_release);
}

#else

void allow_fusing(int allowed) { (void)allowed; }
void fuse_after(program *p, ptrdiff_t points) { (void)p, (void)points; }
void unfuse(program *p) { (void)p; }

#endif
