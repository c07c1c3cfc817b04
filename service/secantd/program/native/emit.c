/* Instructions of x86-64 on vectors of doubles: with the prefix VEX for those of four, EVEX for those of eight. */
#include "emit.h"

#include <string.h>

#if defined(X86_STEPS) && !defined(_WIN32)

const int POINTERS[POINTER_COUNT] = {R8, R9, R10, R11, RBX, R12, R14, R15};

void byte(writer *w, unsigned value) { w->bytes[w->size++] = (uint8_t)value; }
void word(writer *w, int32_t value) {
  memcpy(w->bytes + w->size, &value, sizeof value);
  w->size += sizeof value;
}

/* target <- the address of a register's block. */
void address(writer *w, int target, int32_t reg) {
  byte(w, 0x48 | (target >= R8 ? 4u : 0u));
  byte(w, 0x8B);
  byte(w, 0x80u | (unsigned)(target & 7) << 3 | RDI);
  word(w, reg * (int32_t)sizeof(double *));
}

/* Returns the register of the processor with the address of a block. */
static int pointer(writer *w, int32_t reg) {
  for (int k = 0; k < POINTER_COUNT; k++)
    if (w->pointer_of[k] == reg) return POINTERS[k];
  address(w, RAX, reg);
  return RAX;
}

/* first <- second op third, or first + second * third; of moves and roots there is no second. */
void emit_with(writer *w, unsigned op, int first, int second, place third, detail d) {
  const int base = third.kind == IN_MEMORY ? pointer(w, third.number) : third.kind == AT_POINTER ? third.number : 0;
  const unsigned r = (unsigned)first, v = (unsigned)second, m = (unsigned)(third.kind == IN_VECTOR ? third.number : base);
  const unsigned map = op == ADD_PRODUCT ? 2 : op == BLEND ? 3 : 1, inverse = (r & 8 ? 0 : 0x80u) | (m & 8 ? 0 : 0x20u);
  if (w->lanes == 8) {
    byte(w, 0x62);
    byte(w, inverse | (m & 16 ? 0 : 0x40u) | (r & 16 ? 0 : 0x10u) | map);
    byte(w, 0x80u | (~v & 15) << 3 | 4 | 1);
    byte(w, 0x40u | (v & 16 ? 0 : 8u) | (unsigned)d.mask);
  } else {
    byte(w, 0xC4);
    byte(w, inverse | 0x40u | map);
    byte(w, (map == 2 ? 0x80u : 0) | (~v & 15) << 3 | 4 | 1);
  }
  byte(w, op);
  if (third.kind == IN_VECTOR) {
    byte(w, 0xC0u | (r & 7) << 3 | (m & 7));
  } else if (third.kind != CONSTANT) {
    byte(w, (r & 7) << 3 | 4);
    byte(w, RCX << 3 | (m & 7));
  } else {
    byte(w, (r & 7) << 3 | 5);
    word(w, third.number * LINE - (int32_t)(w->size + sizeof(int32_t)) - d.has_byte);
  }
  if (d.has_byte) byte(w, d.behind);
}

void emit(writer *w, unsigned op, int first, int second, place third) {
  emit_with(w, op, first, second, third, (detail){0, 0, 0});
}

#else

typedef int no_emit;

#endif
