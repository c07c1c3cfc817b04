/* The operations of the machine, in the order of their codes: OPERATION(name in C, name in the table of operations, arguments, forms).
 * An operation of several forms has loops of its own for arguments that are the same at all points; see machine.h.
 * native/table.py lists the same names; the extension is not used if the two lists differ. */
#define ARITHMETIC                                                                                                     \
  OPERATION(COPY, "copy", 1, 1)                                                                                        \
  OPERATION(ADD, "add", 2, 4)                                                                                          \
  OPERATION(SUB, "sub", 2, 4)                                                                                          \
  OPERATION(MUL, "mul", 2, 4)                                                                                          \
  OPERATION(DIV, "div", 2, 4)                                                                                          \
  OPERATION(NEG, "neg", 1, 1)                                                                                          \
  OPERATION(RECIPROCAL, "reciprocal", 1, 1)                                                                            \
  OPERATION(SQUARE, "square", 1, 1)                                                                                    \
  OPERATION(CUBE, "cube", 1, 1)                                                                                        \
  OPERATION(FOURTH, "fourth", 1, 1)                                                                                    \
  OPERATION(SQRT, "sqrt", 1, 1)                                                                                        \
  OPERATION(ABS, "abs", 1, 1)                                                                                          \
  OPERATION(SIGN, "sign", 1, 1)                                                                                        \
  OPERATION(FLOOR, "floor", 1, 1)                                                                                      \
  OPERATION(CEILING, "ceiling", 1, 1)                                                                                  \
  OPERATION(TRUNC, "trunc", 1, 1)                                                                                      \
  OPERATION(ROUND, "round", 1, 1)                                                                                      \
  OPERATION(HELD, "held", 1, 1)                                                                                        \
  OPERATION(PMAX, "pmax", 2, 4)                                                                                        \
  OPERATION(PMIN, "pmin", 2, 4)                                                                                        \
  OPERATION(MODULO, "%%", 2, 1)                                                                                        \
  OPERATION(QUOTIENT, "%/%", 2, 1)                                                                                     \
  OPERATION(LESS, "<", 2, 4)                                                                                           \
  OPERATION(AT_MOST, "<=", 2, 4)                                                                                       \
  OPERATION(GREATER, ">", 2, 4)                                                                                        \
  OPERATION(AT_LEAST, ">=", 2, 4)                                                                                      \
  OPERATION(EQUAL, "==", 2, 4)                                                                                         \
  OPERATION(UNEQUAL, "!=", 2, 4)                                                                                       \
  OPERATION(AND, "&", 2, 1)                                                                                            \
  OPERATION(OR, "|", 2, 1)                                                                                             \
  OPERATION(NOT, "!", 1, 1)                                                                                            \
  OPERATION(IFELSE, "ifelse", 3, 8)

/* Two operations in one pass, each rounded: (a first b) second c, for "from" c - (a first b), for "under" c / (a first b); "add neg" and
 * "mul neg" are the negative of it, "neg sub" is -a - b, "abs neg" is -|a|. */
#define PAIRS                                                                                                          \
  OPERATION(ADD_ADD, "add add", 3, 8)                                                                                  \
  OPERATION(ADD_SUB, "add sub", 3, 8)                                                                                  \
  OPERATION(ADD_FROM, "add from", 3, 8)                                                                                \
  OPERATION(ADD_MUL, "add mul", 3, 8)                                                                                  \
  OPERATION(ADD_DIV, "add div", 3, 8)                                                                                  \
  OPERATION(ADD_UNDER, "add under", 3, 8)                                                                              \
  OPERATION(SUB_ADD, "sub add", 3, 8)                                                                                  \
  OPERATION(SUB_SUB, "sub sub", 3, 8)                                                                                  \
  OPERATION(SUB_FROM, "sub from", 3, 8)                                                                                \
  OPERATION(SUB_MUL, "sub mul", 3, 8)                                                                                  \
  OPERATION(SUB_DIV, "sub div", 3, 8)                                                                                  \
  OPERATION(SUB_UNDER, "sub under", 3, 8)                                                                              \
  OPERATION(MUL_ADD, "mul add", 3, 8)                                                                                  \
  OPERATION(MUL_SUB, "mul sub", 3, 8)                                                                                  \
  OPERATION(MUL_FROM, "mul from", 3, 8)                                                                                \
  OPERATION(MUL_MUL, "mul mul", 3, 8)                                                                                  \
  OPERATION(MUL_DIV, "mul div", 3, 8)                                                                                  \
  OPERATION(MUL_UNDER, "mul under", 3, 8)                                                                              \
  OPERATION(DIV_ADD, "div add", 3, 8)                                                                                  \
  OPERATION(DIV_SUB, "div sub", 3, 8)                                                                                  \
  OPERATION(DIV_FROM, "div from", 3, 8)                                                                                \
  OPERATION(DIV_MUL, "div mul", 3, 8)                                                                                  \
  OPERATION(DIV_DIV, "div div", 3, 8)                                                                                  \
  OPERATION(DIV_UNDER, "div under", 3, 8)                                                                              \
  OPERATION(ADD_NEG, "add neg", 2, 4)                                                                                  \
  OPERATION(MUL_NEG, "mul neg", 2, 4)                                                                                  \
  OPERATION(NEG_SUB, "neg sub", 2, 4)                                                                                  \
  OPERATION(ABS_NEG, "abs neg", 1, 1)

/* Functions of the C library. */
#define FUNCTIONS                                                                                                      \
  OPERATION(EXP, "exp", 1, 1)                                                                                          \
  OPERATION(EXPM1, "expm1", 1, 1)                                                                                      \
  OPERATION(LOG, "log", 1, 1)                                                                                          \
  OPERATION(LOG2, "log2", 1, 1)                                                                                        \
  OPERATION(LOG10, "log10", 1, 1)                                                                                      \
  OPERATION(LOG1P, "log1p", 1, 1)                                                                                      \
  OPERATION(SIN, "sin", 1, 1)                                                                                          \
  OPERATION(COS, "cos", 1, 1)                                                                                          \
  OPERATION(TAN, "tan", 1, 1)                                                                                          \
  OPERATION(ASIN, "asin", 1, 1)                                                                                        \
  OPERATION(ACOS, "acos", 1, 1)                                                                                        \
  OPERATION(ATAN, "atan", 1, 1)                                                                                        \
  OPERATION(SINH, "sinh", 1, 1)                                                                                        \
  OPERATION(COSH, "cosh", 1, 1)                                                                                        \
  OPERATION(TANH, "tanh", 1, 1)                                                                                        \
  OPERATION(ASINH, "asinh", 1, 1)                                                                                      \
  OPERATION(ACOSH, "acosh", 1, 1)                                                                                      \
  OPERATION(ATANH, "atanh", 1, 1)                                                                                      \
  OPERATION(ERF, "erf", 1, 1)                                                                                          \
  OPERATION(ERFC, "erfc", 1, 1)                                                                                        \
  OPERATION(GAMMA, "gamma", 1, 1)                                                                                      \
  OPERATION(LGAMMA, "lgamma", 1, 1)                                                                                    \
  OPERATION(POW, "pow", 2, 1)                                                                                          \
  OPERATION(ATAN2, "atan2", 2, 1)

/* Skip the next c/2 instructions unless register a is 0 at a point, for odd c, or neither 0 nor NaN, for even c. */
#define CONTROL OPERATION(SKIP, "skip", 1, 1)
