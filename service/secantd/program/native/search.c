/* Steps of steepest descent with backtracking, as program/searchloop.py makes them. */
#include "walk.h"

#include <math.h>
#include <string.h>

/* Why a path of searches stops: a bound or a value that is not finite; digits may be lost at the point; Python has to decide a step. */
enum { ENDED, HARD_POINT, UNDECIDED };

/* A path of steepest descent with backtracking. */
typedef struct {
  path path;
  const program *trial;
  double *u; /* the registers of `trial` */
  double initial, shrink, armijo, rounding;
  int trials, is_new, is_watched;
} searching;

/* Tries lengths of a step from x with f and its gradient in r; returns 1 if one is found, whose point is in u, 0 if none is, -1 if Python
 * has to decide. */
static int found_length(const searching *s, const double *x, const double *r) {
  const path *w = &s->path;
  const program *p = w->gradient, *f = s->trial;
  const double sign = s->initial > 0.0 ? 1.0 : -1.0, square = r[p->outputs[0]], value = r[p->outputs[1]];
  const double here = sign * value, slope = s->armijo * square, error = s->rounding * fabs(value);
  double t = s->initial;
  for (int k = 0; k < s->trials; k++, t *= s->shrink) {
    for (int32_t i = 0; i < w->n; i++) s->u[i] = x[i] - t * r[p->outputs[2 + i]];
    if (compute(f, s->u)) return -1;
    const double there = sign * s->u[f->outputs[0]];
    if (!isfinite(there)) return -1;
    if (there < here && there <= here - sign * t * slope) return 1;
    if (here - error <= there && there <= here + error) return 0;
  }
  return 0;
}

/* Makes at most `count` steps; returns their number, less one if the last point was not finite. */
static Py_ssize_t make_searches(searching *s, double *r, Py_ssize_t count, int *why, Py_ssize_t *written) {
  const path *w = &s->path;
  const program *p = w->gradient;
  const size_t size = (size_t)w->n * sizeof *r;
  double *x = w->state, *before = x + w->n, *row = w->rows;
  Py_ssize_t made = 0;
  *written = 0;
  for (;;) {
    *why = ENDED;
    memcpy(r, x, size);
    const int raised = compute(p, r);
    if (!raised && s->is_watched && is_hard(w, r)) {
      *why = HARD_POINT;
      return made;
    }
    s->is_watched = 1;
    if (raised || !isfinite(r[p->outputs[0]]) || !isfinite(r[p->outputs[1]])) {
      if (s->is_new) memcpy(x, before, size);
      made -= s->is_new;
      s->is_new = 0;
      return made;
    }
    s->is_new = 0;
    if (made >= count) return made;
    const double square = r[p->outputs[0]];
    const int inside = w->limits[0] < square && square < w->limits[1];
    const int found = inside ? found_length(s, x, r) : 0;
    if (found < 0) {
      *why = UNDECIDED;
      return made;
    }
    if (row) {
      memcpy(row, x, size);
      row[w->n] = r[p->outputs[1]];
      row[w->n + 1] = square;
      row += w->wide;
      ++*written;
    }
    if (!found) return made;
    memcpy(before, x, size);
    memcpy(x, s->u, size);
    made++;
    s->is_new = 1;
  }
}

const char search_doc[] =
  "search(gradient, trial, constants, numbers, state, rows, limits, parameters, count, trials, is_new, is_watched)\n--\n\n"
  "Make at most `count` steps of steepest descent with backtracking; other threads of Python run meanwhile.\n\n"
  "Args:\n"
  "    gradient: As for walk(), with f.\n"
  "    trial: From prepare(): f.\n"
  "    constants, numbers: Buffers of doubles, the uniform values of both.\n"
  "    state: A buffer of doubles that is written: x, and the point before it.\n"
  "    rows: A buffer for `count` + 1 rows of x, f and |gradient|^2, or None.\n"
  "    limits: As for walk().\n"
  "    parameters: A buffer of four doubles: the first length, its factor, Armijo's constant, the relative error of f.\n"
  "    trials: The lengths that are tried in a step.\n"
  "    is_new: Whether the step to x is undone where f or its gradient is not finite.\n"
  "    is_watched: Whether it matters at x that digits may be lost.\n\n"
  "Returns:\n"
  "    The number of steps; 0 if the path ends here, 1 if digits may be lost at x, 2 if Python has to decide the next step; the number of\n"
  "    rows; and whether x is new.\n\n"
  "Raises:\n"
  "    ValueError: The programs or the buffers do not fit.\n";

PyObject *search(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *first, *second, *given;
  Py_buffer constants, numbers, values, limits, parameters, rows = {0};
  Py_ssize_t count;
  int trials, is_new, is_watched;
  if (!PyArg_ParseTuple(arguments, "OOy*y*w*Oy*y*niii", &first, &second, &constants, &numbers, &values, &given, &limits, &parameters,
                        &count, &trials, &is_new, &is_watched))
    return NULL;
  const program *p = PyCapsule_GetPointer(first, CAPSULE);
  const program *f = p ? PyCapsule_GetPointer(second, CAPSULE) : NULL;
  PyObject *found = NULL;
  double *memory = NULL;
  const Py_ssize_t size = sizeof(double);
  if (!f || (given != Py_None && PyObject_GetBuffer(given, &rows, PyBUF_WRITABLE))) goto end;
  const int n = p->columns;
  if (n < 1 || p->results < 2 + n || f->columns != n || f->results < 1 || p->pass_count || f->pass_count ||
      constants.len != p->uniforms * size || numbers.len != f->uniforms * size || values.len != 2 * n * size ||
      limits.len != 6 * size || parameters.len != 4 * size || count < 0 || trials < 1 ||
      (rows.obj && count >= rows.len / size / (n + 2))) {
    PyErr_SetString(PyExc_ValueError, "the programs or the buffers of a search do not fit");
    goto end;
  }
  memory = PyMem_Calloc((size_t)p->registers + (size_t)f->registers, sizeof *memory);
  if (!memory) {
    PyErr_NoMemory();
    goto end;
  }
  double *r = memory, *u = memory + p->registers;
  memcpy(r + n, constants.buf, (size_t)constants.len);
  memcpy(u + n, numbers.buf, (size_t)numbers.len);
  const double *how = parameters.buf;
  searching s = {
    {p, NULL, values.buf, rows.obj ? rows.buf : NULL, limits.buf, n, 1, n + 2}, f, u, how[0], how[1], how[2], how[3], trials, is_new != 0,
    is_watched,
  };
  Py_ssize_t made, written;
  int why;
  Py_BEGIN_ALLOW_THREADS
  made = make_searches(&s, r, count, &why, &written);
  Py_END_ALLOW_THREADS
  found = Py_BuildValue("nini", made, why, written, s.is_new);
end:
  PyMem_Free(memory);
  if (rows.obj) PyBuffer_Release(&rows);
  PyBuffer_Release(&constants);
  PyBuffer_Release(&numbers);
  PyBuffer_Release(&values);
  PyBuffer_Release(&limits);
  PyBuffer_Release(&parameters);
  return found;
}
