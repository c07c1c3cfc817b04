/* Steps for x86-64 processors with AVX-512. */
#if defined(__x86_64__) && defined(__GNUC__)
#define STEP step_avx512
#define INFINITE infinite_avx512
#define IS_HARD hard_avx512
#define STORE store_avx512
#define STORE_VECTOR __builtin_ia32_movntpd512
#define ADD_UP sum_avx512
#define ADD_EXACTLY add_avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl")))
#define LANES 8
#include "kernels.h"
#else
typedef int no_avx512;
#endif
