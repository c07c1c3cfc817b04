/* A run of arithmetic as one loop over vectors.
 *
 * Values are loaded where the run first reads them, and stored where something after the run reads them. What has no vector register
 * left is used where it is: a value is stored to its own register of the machine when its vector register is taken for another.
 */
#include "emit.h"

#include <string.h>

#if defined(X86_STEPS) && !defined(_WIN32)

static place vector(int number) { return (place){IN_VECTOR, number}; }
static place memory(int32_t reg) { return (place){IN_MEMORY, reg}; }
static place constant(int number) { return (place){CONSTANT, number}; }

int reads(const instruction *i, int32_t reg) {
  const int count = operation_arguments[i->op];
  return i->a == reg || (count > 1 && i->b == reg) || (count > 2 && i->c == reg);
}

/* Where the value of a register is read next in this run, from an instruction on; the end if nowhere. */
static int32_t next_read(const writer *w, int32_t reg, int32_t from) {
  for (int32_t k = from; k < w->end; k++) {
    if (reads(&w->p->code[k], reg)) return k;
    if (w->p->code[k].out == reg) return w->end;
  }
  return w->end;
}

static void let_go(writer *w, int v) {
  if (w->holds[v] >= 0) w->vector_of[w->holds[v]] = NOTHING;
  w->holds[v] = NOTHING;
}

/* A vector register that is free, or that of the value which is read last. */
static int taken(writer *w) {
  int best = NOTHING;
  int32_t latest = NOTHING;
  for (int v = 0; v < w->vectors; v++) {
    if (w->pinned[v] || w->holds[v] == FIXED) continue;
    if (w->holds[v] == NOTHING) {
      best = v;
      break;
    }
    const int32_t next = next_read(w, w->holds[v], w->now);
    if (next > latest) {
      latest = next;
      best = v;
    }
  }
  const int32_t held = w->holds[best];
  if (held >= 0 && !w->is_stored[held]) {
    emit(w, KEEP, best, 0, memory(held));
    w->is_stored[held] = 1;
    w->is_whole = 0;
  }
  let_go(w, best);
  w->pinned[best] = 1;
  return best;
}

static int is_unseen(const writer *w, int32_t reg) { return w->is_checked && reg < w->p->columns && !w->is_seen[reg]; }

/* The vector register with a value, which is loaded if it has none. */
static int in_vector(writer *w, int32_t reg) {
  int v = w->vector_of[reg];
  if (v == NOTHING) {
    v = taken(w);
    emit(w, LOAD, v, 0, memory(reg));
    w->vector_of[reg] = v;
    w->holds[v] = reg;
    if (is_unseen(w, reg)) {
      emit(w, ADD_PRODUCT, w->sum, w->zeros, vector(v));
      w->is_seen[reg] = 1;
    }
  }
  w->pinned[v] = 1;
  return v;
}

/* A value in a vector register, or in memory if nothing else reads it. */
static place anywhere_read(writer *w, int32_t reg) {
  if (w->vector_of[reg] == NOTHING && !is_unseen(w, reg) && next_read(w, reg, w->now + 1) == w->end) return memory(reg);
  return vector(in_vector(w, reg));
}

typedef struct {
  unsigned first, second;
  int turned; /* whether the second operation has the result of the first on its right */
} steps;

/* The operations of an instruction of two; 0 where there is none. */
static steps steps_of(int op) {
#define EACH(name, code)                                                                                               \
  case OP_##name##_ADD: return (steps){code, PLUS, 0};                                                                 \
  case OP_##name##_SUB: return (steps){code, MINUS, 0};                                                                \
  case OP_##name##_MUL: return (steps){code, TIMES, 0};                                                                \
  case OP_##name##_DIV: return (steps){code, OVER, 0};                                                                 \
  case OP_##name##_UNDER: return (steps){code, OVER, 1};
  switch (op) {
    EACH(ADD, PLUS)
    EACH(SUB, MINUS)
    EACH(MUL, TIMES)
    EACH(DIV, OVER)
    case OP_ADD_FROM: return (steps){PLUS, MINUS, 1};
    case OP_SUB_FROM: return (steps){MINUS, MINUS, 1};
    case OP_MUL_FROM: return (steps){TIMES, MINUS, 1};
    case OP_DIV_FROM: return (steps){OVER, MINUS, 1};
    case OP_ADD: return (steps){PLUS, 0, 0};
    case OP_SUB: return (steps){MINUS, 0, 0};
    case OP_MUL: return (steps){TIMES, 0, 0};
    case OP_DIV: return (steps){OVER, 0, 0};
    default: return (steps){0, 0, 0};
  }
#undef EACH
}

/* The condition of a comparison, -1 for other operations. */
static int comparison(int op) {
  switch (op) {
    case OP_LESS: return LESS_THAN;
    case OP_AT_MOST: return NOT_ABOVE;
    case OP_GREATER: return GREATER_THAN;
    case OP_AT_LEAST: return NOT_BELOW;
    case OP_EQUAL: return EQUAL_TO;
    case OP_UNEQUAL: return NOT_EQUAL;
    default: return -1;
  }
}

static int is_choice(int op) { return op == OP_IFELSE || op == OP_PMAX || op == OP_PMIN || comparison(op) >= 0; }

int is_arithmetic(int op) {
  if (is_choice(op)) return 1;
  switch (op) {
    case OP_COPY: case OP_NEG: case OP_RECIPROCAL: case OP_SQUARE: case OP_CUBE: case OP_FOURTH: case OP_SQRT: case OP_ABS:
    case OP_ADD_NEG: case OP_MUL_NEG: case OP_NEG_SUB: case OP_ABS_NEG: return 1;
    default: return steps_of(op).first != 0;
  }
}

/* d <- value where x compares with y. */
static void choose(writer *w, int d, unsigned how, int x, place y, place value) {
  if (w->lanes == 8) {
    emit_with(w, COMPARE, 1, x, y, (detail){0, 1, how});
    emit_with(w, LOAD, d, 0, value, (detail){1, 0, 0});
    return;
  }
  const int mask = taken(w);
  emit_with(w, COMPARE, mask, x, y, (detail){0, 1, how});
  emit_with(w, BLEND, d, d, value, (detail){0, 1, (unsigned)mask << 4});
  w->pinned[mask] = 0;
}

/* Computes a comparison, a choice, or the larger or smaller of two numbers into a vector register; see kernels.h. */
static int chosen(writer *w, const instruction *i) {
  const int x = in_vector(w, i->a), y = in_vector(w, i->b);
  int d;
  if (i->op == OP_PMAX || i->op == OP_PMIN) {
    d = taken(w);
    emit(w, LOAD, d, 0, vector(x));
    choose(w, d, i->op == OP_PMAX ? GREATER_THAN : LESS_THAN, y, vector(x), vector(y));
    choose(w, d, NO_ORDER, y, vector(y), vector(y));
    return d;
  }
  if (i->op == OP_IFELSE) {
    const int z = in_vector(w, i->c);
    d = taken(w);
    emit(w, LOAD, d, 0, vector(y));
    choose(w, d, EQUAL_TO, x, constant(ZEROS), vector(z));
    choose(w, d, NO_ORDER, x, vector(x), constant(NO_NUMBERS));
    return d;
  }
  d = taken(w);
  emit(w, LOAD, d, 0, constant(ZEROS));
  choose(w, d, (unsigned)comparison(i->op), x, vector(y), constant(ONES));
  choose(w, d, NO_ORDER, x, vector(y), constant(NO_NUMBERS));
  return d;
}

/* Computes an instruction into a vector register. */
static int computed(writer *w, const instruction *i) {
  if (is_choice(i->op)) return chosen(w, i);
  const steps two = steps_of(i->op);
  if (two.first) {
    const int a = in_vector(w, i->a);
    const place b = anywhere_read(w, i->b);
    const place c = !two.second ? b : two.turned ? vector(in_vector(w, i->c)) : anywhere_read(w, i->c);
    const int d = taken(w);
    emit(w, two.first, d, a, b);
    if (two.second && two.turned) emit(w, two.second, d, c.number, vector(d));
    else if (two.second) emit(w, two.second, d, d, c);
    return d;
  }
  int a, d;
  place b;
  switch (i->op) {
    case OP_COPY: case OP_SQRT:
      b = anywhere_read(w, i->a);
      d = taken(w);
      emit(w, i->op == OP_SQRT ? ROOT : LOAD, d, 0, b);
      break;
    case OP_RECIPROCAL:
      b = anywhere_read(w, i->a);
      d = taken(w);
      emit(w, LOAD, d, 0, constant(ONES));
      emit(w, OVER, d, d, b);
      break;
    case OP_ADD_NEG: case OP_MUL_NEG:
      a = in_vector(w, i->a);
      b = anywhere_read(w, i->b);
      d = taken(w);
      emit(w, i->op == OP_ADD_NEG ? PLUS : TIMES, d, a, b);
      emit(w, XOR, d, d, constant(SIGN_BIT));
      break;
    case OP_NEG_SUB:
      a = in_vector(w, i->a);
      b = anywhere_read(w, i->b);
      d = taken(w);
      emit(w, XOR, d, a, constant(SIGN_BIT));
      emit(w, MINUS, d, d, b);
      break;
    default:
      a = in_vector(w, i->a);
      d = taken(w);
      switch (i->op) {
        case OP_NEG: emit(w, XOR, d, a, constant(SIGN_BIT)); break;
        case OP_ABS: case OP_ABS_NEG: emit(w, AND, d, a, constant(MAGNITUDE_BITS)); break;
        default: emit(w, TIMES, d, a, vector(a));
      }
      if (i->op == OP_ABS_NEG) emit(w, XOR, d, d, constant(SIGN_BIT));
      if (i->op == OP_CUBE) emit(w, TIMES, d, d, vector(a));
      if (i->op == OP_FOURTH) emit(w, TIMES, d, d, vector(d));
  }
  return d;
}

/* Writes the code of one instruction, with the loads before it and the store behind it. */
static void write_instruction(writer *w, const instruction *i) {
  memset(w->pinned, 0, sizeof w->pinned);
  const int d = computed(w, i);
  const int32_t read[] = {i->a, i->b, i->c};
  for (int k = 0; k < operation_arguments[i->op]; k++) {
    const int v = w->vector_of[read[k]];
    if (v >= 0 && w->holds[v] == read[k] && next_read(w, read[k], w->now + 1) == w->end) let_go(w, v);
  }
  if (w->vector_of[i->out] >= 0) let_go(w, w->vector_of[i->out]);
  w->vector_of[i->out] = d;
  w->holds[d] = i->out;
  w->is_stored[i->out] = 0;
  if (w->last[w->now] >= w->end) {
    emit(w, KEEP, d, 0, memory(i->out));
    w->is_stored[i->out] = 1;
  }
  if (next_read(w, i->out, w->now + 1) == w->end) let_go(w, d);
}

/* Lets the values that are the same at all points stay in vector registers, and the addresses of blocks in registers, as far as there are any. */
static void prepare_run(writer *w) {
  const program *p = w->p;
  for (int32_t k = 0; k < p->registers; k++) {
    w->vector_of[k] = NOTHING;
    w->is_stored[k] = 1;
  }
  for (int v = 0; v < MOST_VECTORS; v++) w->holds[v] = NOTHING;
  for (int k = 0; k < POINTER_COUNT; k++) w->pointer_of[k] = NOTHING;
  int fixed = 0, pointers = 0;
  if (w->is_checked) {
    w->sum = w->vectors - 1 - fixed++;
    w->zeros = w->vectors - 1 - fixed++;
    emit(w, LOAD, w->sum, 0, constant(ZEROS));
    emit(w, LOAD, w->zeros, 0, constant(ZEROS));
    w->holds[w->sum] = w->holds[w->zeros] = FIXED;
  }
  for (int32_t k = w->begin; k < w->end; k++) {
    const instruction *i = &p->code[k];
    const int32_t used[] = {i->a, i->b, i->c, i->out};
    for (int n = 0; n < 4; n++) {
      const int32_t reg = used[n];
      if (n < 3 ? n >= operation_arguments[i->op] : w->last[k] < w->end) continue;
      if (reg >= p->columns && reg < p->columns + p->uniforms) {
        if (w->vector_of[reg] != NOTHING) continue;
        if (fixed >= w->vectors / 4) {
          w->is_whole = 0;
          continue;
        }
        const int v = w->vectors - 1 - fixed++;
        /* The offset is 0 here. */
        emit(w, LOAD, v, 0, memory(reg));
        w->vector_of[reg] = v;
        w->holds[v] = FIXED;
      }
    }
  }
  for (int32_t k = w->begin; k < w->end && pointers < POINTER_COUNT; k++) {
    const instruction *i = &p->code[k];
    const int32_t used[] = {i->a, i->b, i->c, i->out};
    for (int n = 0; n < 4 && pointers < POINTER_COUNT; n++) {
      const int32_t reg = used[n];
      if ((n < 3 ? n >= operation_arguments[i->op] : w->last[k] < w->end) || w->vector_of[reg] != NOTHING) continue;
      int known = 0;
      for (int32_t m = w->begin; m < k && n < 3 && !known; m++) known = p->code[m].out == reg;
      for (int m = 0; m < pointers && !known; m++) known = w->pointer_of[m] == reg;
      if (known) continue;
      address(w, POINTERS[pointers], reg);
      w->pointer_of[pointers++] = reg;
    }
  }
}

void write_run(writer *w) {
  /* endbr64, push rbx, r12, r14, r15; xor ecx, ecx; vzeroupper, pop r15, r14, r12, rbx, ret */
  static const uint8_t entry[] = {0xF3, 0x0F, 0x1E, 0xFA, 0x53, 0x41, 0x54, 0x41, 0x56, 0x41, 0x57};
  static const uint8_t clear[] = {0x31, 0xC9};
  static const uint8_t leave[] = {0xC5, 0xF8, 0x77, 0x41, 0x5F, 0x41, 0x5E, 0x41, 0x5C, 0x5B, 0xC3};
  memcpy(w->bytes + w->size, entry, sizeof entry);
  w->size += sizeof entry;
  memcpy(w->bytes + w->size, clear, sizeof clear);
  w->size += sizeof clear;
  w->is_whole = 1;
  prepare_run(w);
  const size_t loop = w->size;
  for (w->now = w->begin; w->now < w->end; w->now++) write_instruction(w, &w->p->code[w->now]);
  /* add rcx, a vector; cmp rcx, rdx; jl loop */
  byte(w, 0x48), byte(w, 0x81), byte(w, 0xC1), word(w, w->lanes * (int32_t)sizeof(double));
  byte(w, 0x48), byte(w, 0x39), byte(w, 0xD1);
  byte(w, 0x0F), byte(w, 0x8C), word(w, (int32_t)loop - (int32_t)(w->size + sizeof(int32_t)));
  if (w->is_checked) {
    memcpy(w->bytes + w->size, clear, sizeof clear);
    w->size += sizeof clear;
    emit(w, PLUS, w->sum, w->sum, (place){AT_POINTER, RSI});
    emit(w, KEEP, w->sum, 0, (place){AT_POINTER, RSI});
  }
  memcpy(w->bytes + w->size, leave, sizeof leave);
  w->size += sizeof leave;
}

#else

typedef int no_runs;

#endif
