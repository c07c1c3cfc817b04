/* One point at a time: single() computes a program there, walk() makes the steps of a descent as program/loop.py does.
 *
 * Values and steps are those of Python to the last digit. Where Python would raise an exception there is no value, and a walk stops
 * before the step.
 */
#include "walk.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Whether Python's math module raises an exception for a result of finite arguments, or of arguments that are numbers. */
static int raises(double result, double a, double b) {
  if (isnan(result)) return !isnan(a) && !isnan(b);
  return isinf(result) && isfinite(a) && isfinite(b);
}

#define COMPARED(sign) isnan(x) || isnan(y) ? NAN : x sign y ? 1.0 : 0.0

int compute(const program *p, double *r) {
  for (const instruction *i = p->code, *end = i + p->length; i < end; i++) {
    const double x = r[i->a], y = r[i->b];
    double value;
    switch (i->op) {
      case OP_COPY: value = x; break;
      case OP_ADD: value = x + y; break;
      case OP_SUB: value = x - y; break;
      case OP_MUL: value = x * y; break;
      case OP_DIV:
        if (y == 0.0) return 1;
        value = x / y;
        break;
      case OP_NEG: value = -x; break;
      case OP_RECIPROCAL:
        if (x == 0.0) return 1;
        value = 1.0 / x;
        break;
      case OP_SQUARE: value = x * x; break;
      case OP_CUBE: value = x * x * x; break;
      case OP_FOURTH: value = (x * x) * (x * x); break;
      case OP_SQRT:
        if (x < 0.0) return 1;
        value = sqrt(x);
        break;
      case OP_ABS: value = fabs(x); break;
      case OP_SIGN: value = x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x; break;
      case OP_HELD: value = x > DBL_MAX ? DBL_MAX : x < -DBL_MAX ? -DBL_MAX : x; break;
      case OP_PMAX: value = y > x || isnan(y) ? y : x; break;
      case OP_PMIN: value = y < x || isnan(y) ? y : x; break;
      case OP_LESS: value = COMPARED(<); break;
      case OP_AT_MOST: value = COMPARED(<=); break;
      case OP_GREATER: value = COMPARED(>); break;
      case OP_AT_LEAST: value = COMPARED(>=); break;
      case OP_EQUAL: value = COMPARED(==); break;
      case OP_UNEQUAL: value = COMPARED(!=); break;
      case OP_IFELSE: value = x == 0.0 ? r[i->c] : isnan(x) ? NAN : y; break;
      case OP_SKIP:
        /* The first branch is skipped at 0, the second one at other numbers, and both at NaN. */
        if (i->c & 1 ? x != 0.0 : x == 0.0 || isnan(x)) i += i->c >> 1;
        continue;
      default:
        if (i->op < FIRST_FUNCTION) return 1;
        if (operation_arguments[i->op] == 1) {
          value = unary_functions[i->op - FIRST_FUNCTION](x);
          if (raises(value, x, 0.0)) return 1;
        } else {
          value = binary_functions[i->op - FIRST_FUNCTION](x, y);
          if (raises(value, x, y)) return 1;
        }
    }
    r[i->out] = value;
  }
  return 0;
}

const char single_doc[] =
  "single(program, uniforms, values, count, near, far)\n--\n\n"
  "Compute a program at one point.\n\n"
  "Args:\n"
  "    program: From prepare(), without passes.\n"
  "    uniforms: A buffer of doubles, the values that are the same at all points.\n"
  "    values: A list or a tuple of a number for each column.\n"
  "    count: The outputs that are wanted, at most all.\n"
  "    near, far: Limits of the squares of the other outputs.\n\n"
  "Returns:\n"
  "    A list of the outputs and, where there are others, of 1.0 if one of them is beyond its limits, else 0.0; None where Python's\n"
  "    math module would raise an exception.\n\n"
  "Raises:\n"
  "    ValueError: The numbers do not fit the program.\n";

/* Registers that need no memory of their own. */
enum { FEW_REGISTERS = 256 };

/* Copy a list or tuple of `count` numbers. */
static int numbers_of(PyObject *values, double *r, int32_t count) {
  const int list = PyList_Check(values);
  if ((!list && !PyTuple_Check(values)) || (list ? PyList_Size(values) : PyTuple_Size(values)) != count) {
    PyErr_Format(PyExc_ValueError, "expected a list of %d numbers", (int)count);
    return -1;
  }
  for (int32_t k = 0; k < count; k++) {
    /* The method of a number may change the list. */
    PyObject *item = list ? PySequence_GetItem(values, k) : Py_NewRef(PyTuple_GetItem(values, k));
    if (!item) return -1;
    r[k] = PyFloat_AsDouble(item);
    Py_DECREF(item);
    if (r[k] == -1.0 && PyErr_Occurred()) return -1;
  }
  return 0;
}

static PyObject *list_of(const program *p, const double *r, int32_t count, double near, double far) {
  const int more = count < p->results;
  PyObject *list = PyList_New(count + more);
  double beyond = 0.0;
  for (int32_t k = count; k < p->results; k++) {
    const double value = r[p->outputs[k]];
    if (!(near < value * value && value * value < far)) beyond = 1.0;
  }
  for (int32_t k = 0; k < count + more && list; k++) {
    PyObject *number = PyFloat_FromDouble(k < count ? r[p->outputs[k]] : beyond);
    if (!number || PyList_SetItem(list, k, number)) Py_CLEAR(list);
  }
  return list;
}

PyObject *single(PyObject *module, PyObject *const *arguments, Py_ssize_t given) {
  (void)module;
  if (given != 6) {
    PyErr_SetString(PyExc_TypeError, "single() takes 6 arguments");
    return NULL;
  }
  const program *p = PyCapsule_GetPointer(arguments[0], CAPSULE);
  if (!p) return NULL;
  const Py_ssize_t count = PyLong_AsSsize_t(arguments[3]);
  const double near = PyFloat_AsDouble(arguments[4]), far = PyFloat_AsDouble(arguments[5]);
  if (PyErr_Occurred()) return NULL;
  Py_buffer uniforms;
  if (PyObject_GetBuffer(arguments[1], &uniforms, PyBUF_SIMPLE)) return NULL;
  PyObject *found = NULL;
  double few[FEW_REGISTERS], *r = few;
  if (p->registers > FEW_REGISTERS) r = PyMem_Malloc((size_t)p->registers * sizeof *r);
  if (!r) PyErr_NoMemory();
  else if (p->pass_count || count < 0 || count > p->results || uniforms.len != p->uniforms * (Py_ssize_t)sizeof *r)
    PyErr_SetString(PyExc_ValueError, "the numbers do not fit the program");
  else if (!numbers_of(arguments[2], r, p->columns)) {
    memcpy(r + p->columns, uniforms.buf, (size_t)uniforms.len);
    for (int32_t k = p->columns + p->uniforms; k < p->registers; k++) r[k] = 0.0;
    found = compute(p, r) ? Py_NewRef(Py_None) : list_of(p, r, (int32_t)count, near, far);
  }
  if (r != few) PyMem_Free(r);
  PyBuffer_Release(&uniforms);
  return found;
}

static int outside(double value, const double *limits) { return !(limits[0] < value * value && value * value < limits[1]); }

int is_hard(const path *w, const double *r) {
  const program *p = w->gradient;
  const int32_t first = 1 + w->valued + w->n;
  for (int32_t k = first; k < p->results; k++)
    if (outside(r[p->outputs[k]], w->limits + 2)) return 1;
  for (int32_t i = 0; i < w->n && first < p->results; i++)
    if (r[i] != 0.0 && outside(r[i], w->limits + 4)) return 1;
  return 0;
}

/* Make at most `count` steps; returns their number, in *hard whether the next one is hard, and in *written the rows. */
static Py_ssize_t make_steps(const path *w, double *r, double *u, Py_ssize_t count, int *hard, Py_ssize_t *written) {
  const program *p = w->gradient, *q = w->update;
  const int32_t own = q->columns - w->n;
  double *row = w->rows;
  *hard = 0;
  *written = 0;
  for (Py_ssize_t made = 0; made < count; made++) {
    memcpy(r, w->state, (size_t)w->n * sizeof *r);
    if (compute(p, r)) return made;
    *hard = is_hard(w, r);
    if (*hard) return made;
    const double square = r[p->outputs[0]], value = w->valued ? r[p->outputs[1]] : 0.0;
    if (row) {
      memcpy(row, r, (size_t)w->n * sizeof *row);
      if (w->wide > w->n) {
        row[w->n] = value;
        row[w->n + 1] = square;
      }
      row += w->wide;
      ++*written;
    }
    if (!(w->limits[0] < square && square < w->limits[1]) || !isfinite(value)) return made;
    memcpy(u, w->state, (size_t)own * sizeof *u);
    for (int32_t i = 0; i < w->n; i++) u[own + i] = r[p->outputs[1 + w->valued + i]];
    if (compute(q, u)) return made;
    for (int32_t k = 0; k < own; k++) w->state[k] = u[q->outputs[k]];
  }
  return count;
}

const char walk_doc[] =
  "walk(gradient, update, constants, parameters, state, rows, wide, limits, count, n, valued)\n--\n\n"
  "Make at most `count` steps of a descent; other threads of Python run meanwhile.\n\n"
  "Args:\n"
  "    gradient: From prepare(): columns are the n variables, outputs |gradient|^2, f if it is `valued`, the gradient, and numbers\n"
  "        whose size shows whether digits may have been lost.\n"
  "    update: From prepare(): columns are the state and the gradient, outputs the next state.\n"
  "    constants, parameters: Buffers of doubles, the uniform values of both.\n"
  "    state: A buffer of doubles that is written: x, the memory and the counters.\n"
  "    rows: A buffer for `count` rows, or None.\n"
  "    wide: The doubles of a row: n for x, or n + 2 for x, f and |gradient|^2.\n"
  "    limits: A buffer of six doubles: between which |gradient|^2, the squares of watched numbers, and those of variables have to be.\n\n"
  "Returns:\n"
  "    The number of steps, whether the next one is hard, and the number of rows.\n\n"
  "Raises:\n"
  "    ValueError: The programs or the buffers do not fit.\n";

/* Whether programs fit each other and a state of so many doubles. */
static int fit(const program *p, const program *q, int n, int valued, int wide) {
  return n > 0 && p->columns == n && p->results >= 1 + valued + n && q->columns >= 2 * n && q->results == q->columns - n &&
         !p->pass_count && !q->pass_count && (valued == 0 || valued == 1) && (wide == n || (wide == n + 2 && valued));
}

PyObject *walk(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *first, *second, *given;
  Py_buffer constants, parameters, values, limits, rows = {0};
  Py_ssize_t count;
  int n, wide, valued;
  if (!PyArg_ParseTuple(arguments, "OOy*y*w*Oiy*nii", &first, &second, &constants, &parameters, &values, &given, &wide, &limits,
                        &count, &n, &valued))
    return NULL;
  const program *p = PyCapsule_GetPointer(first, CAPSULE);
  const program *q = p ? PyCapsule_GetPointer(second, CAPSULE) : NULL;
  PyObject *found = NULL;
  double *memory = NULL;
  const Py_ssize_t size = sizeof(double);
  if (!q || (given != Py_None && PyObject_GetBuffer(given, &rows, PyBUF_WRITABLE))) goto end;
  if (!fit(p, q, n, valued, wide) || constants.len != p->uniforms * size || parameters.len != q->uniforms * size ||
      values.len != q->results * size || limits.len != 6 * size || count < 0 ||
      (rows.obj && count > rows.len / size / wide)) {
    PyErr_SetString(PyExc_ValueError, "the programs or the buffers of a walk do not fit");
    goto end;
  }
  memory = PyMem_Calloc((size_t)p->registers + (size_t)q->registers, sizeof *memory);
  if (!memory) {
    PyErr_NoMemory();
    goto end;
  }
  double *r = memory, *u = memory + p->registers;
  memcpy(r + p->columns, constants.buf, (size_t)constants.len);
  memcpy(u + q->columns, parameters.buf, (size_t)parameters.len);
  const path w = {p, q, values.buf, rows.obj ? rows.buf : NULL, limits.buf, n, valued, wide};
  Py_ssize_t made, written;
  int hard;
  Py_BEGIN_ALLOW_THREADS
  made = make_steps(&w, r, u, count, &hard, &written);
  Py_END_ALLOW_THREADS
  found = Py_BuildValue("nin", made, hard, written);
end:
  PyMem_Free(memory);
  if (rows.obj) PyBuffer_Release(&rows);
  PyBuffer_Release(&constants);
  PyBuffer_Release(&parameters);
  PyBuffer_Release(&values);
  PyBuffer_Release(&limits);
  return found;
}
