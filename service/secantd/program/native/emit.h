/* Instructions of x86-64 on vectors of doubles, written byte by byte. See emit.c and runs.c. */
#ifndef SECANT_EMIT_H
#define SECANT_EMIT_H

#include "machine.h"

enum { NOTHING = -1, FIXED = -2, MOST_VECTORS = 32 };
/* Registers of the processor: the arguments RDI, RSI and RDX; the offset in a block, RCX; RAX for addresses that have none of their own. */
enum { RAX, RCX, RDX, RBX, RSI = 6, RDI, R8, R9, R10, R11, R12, R14 = 14, R15 };
enum { POINTER_COUNT = 8 };
extern const int POINTERS[POINTER_COUNT];
/* Codes of instructions on vectors of doubles. */
enum {
  LOAD = 0x10, KEEP = 0x11, BLEND = 0x4B, ROOT = 0x51, AND = 0x54, XOR = 0x57, PLUS = 0x58, TIMES = 0x59, MINUS = 0x5C, OVER = 0x5E,
  ADD_PRODUCT = 0xB8, COMPARE = 0xC2
};
/* Conditions: how two numbers compare, quietly; "no order" where one is NaN. */
enum { EQUAL_TO = 0, NO_ORDER = 3, NOT_EQUAL = 4, LESS_THAN = 0x11, NOT_ABOVE = 0x12, NOT_BELOW = 0x1D, GREATER_THAN = 0x1E };
/* Constants before the code, each a vector of eight. */
enum { ZEROS, NO_NUMBERS, SIGN_BIT, MAGNITUDE_BITS, ONES, CONSTANTS, LINE = 64 };

typedef struct {
  enum { IN_VECTOR, IN_MEMORY, AT_POINTER, CONSTANT } kind;
  int number;
} place;

typedef struct {
  const program *p;
  int lanes, vectors;
  uint8_t *bytes;
  size_t size;
  const int32_t *last; /* for each instruction, where its result is read last */
  int32_t begin, end, now;
  int *vector_of;  /* for each register, the vector register with its value */
  char *is_stored; /* for each register, whether it has its value itself */
  int is_whole; /* whether no register but those of columns and outputs is read or written within a loop */
  int is_checked, sum, zeros; /* whether this run adds up 0 times columns, in which vector registers */
  char *is_seen; /* for each column, whether that was done */
  int pointer_of[POINTER_COUNT];
  int holds[MOST_VECTORS], pinned[MOST_VECTORS];
} writer;

/* Where an instruction has a byte behind its address, and a mask. */
typedef struct {
  int mask, has_byte;
  unsigned behind;
} detail;

void byte(writer *w, unsigned value);
void word(writer *w, int32_t value);

/* target <- the address of a register's block. */
void address(writer *w, int target, int32_t reg);

/* first <- second op third, or first + second * third; of moves and roots there is no second. */
void emit_with(writer *w, unsigned op, int first, int second, place third, detail d);
void emit(writer *w, unsigned op, int first, int second, place third);

/* Whether an instruction may be part of a run. */
int is_arithmetic(int op);

/* Whether an instruction reads a register. */
int reads(const instruction *i, int32_t reg);

/* Bytes that an instruction of a run takes at most, and a run beside its instructions. */
enum { PER_INSTRUCTION = 256, PER_RUN = 512 };

/* Writes the code of the run from `begin` to `end`. */
void write_run(writer *w);

#endif
