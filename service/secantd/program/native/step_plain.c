/* Steps for any processor; on x86-64 with the vectors of SSE2. */
#define STEP step_plain
#define INFINITE infinite_plain
#define IS_HARD hard_plain
#define STORE store_plain
#define ADD_UP sum_plain
#define ADD_EXACTLY add_plain
#define TARGET
#if defined(__x86_64__) && defined(__GNUC__)
#define LANES 2
#define STORE_VECTOR __builtin_ia32_movntpd
#else
#define LANES 1
#endif
#include "kernels.h"
