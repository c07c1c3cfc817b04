/* The flags of the processor that say what happened in arithmetic. */
#ifndef SECANT_FLAGS_H
#define SECANT_FLAGS_H

#include <fenv.h>

#if defined(__x86_64__) && defined(__GNUC__)
/* The register of SSE alone: the functions of fenv.h also read and write that of the x87, which takes longer than a block of points. */
typedef unsigned flags;
enum { EXCEPTIONS = 0x3f, MASKS = 0x1f80 };
static inline flags get_flags(void) { return __builtin_ia32_stmxcsr(); }
static inline void set_flags(flags f) {
  /* Writing them takes ten times as long as reading. */
  if (__builtin_ia32_stmxcsr() != f) __builtin_ia32_ldmxcsr(f);
}
/* Clear all flags; returns what set_flags restores. */
static inline flags hold_flags(void) {
  const flags before = get_flags();
  set_flags((before & ~(flags)EXCEPTIONS) | MASKS);
  return before;
}
/* FE_OVERFLOW and others that are set. */
static inline unsigned raised(void) { return get_flags() & EXCEPTIONS; }
#else
typedef fenv_t flags;
static inline flags get_flags(void) {
  flags f;
  fegetenv(&f);
  return f;
}
static inline void set_flags(flags f) { fesetenv(&f); }
static inline flags hold_flags(void) {
  flags f;
  feholdexcept(&f);
  return f;
}
static inline unsigned raised(void) { return (unsigned)fetestexcept(FE_ALL_EXCEPT); }
#endif

#endif
