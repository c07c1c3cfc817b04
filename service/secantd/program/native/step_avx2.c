/* Steps for x86-64 processors with AVX2. */
#if defined(__x86_64__) && defined(__GNUC__)
#define STEP step_avx2
#define INFINITE infinite_avx2
#define IS_HARD hard_avx2
#define STORE store_avx2
#define STORE_VECTOR __builtin_ia32_movntpd256
#define ADD_UP sum_avx2
#define ADD_EXACTLY add_avx2
#define TARGET __attribute__((target("avx2")))
#define LANES 4
#include "kernels.h"
#else
typedef int no_avx2;
#endif
