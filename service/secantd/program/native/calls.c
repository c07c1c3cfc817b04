/* Calls that run a program over arrays: run() over arrays that are given, evaluate() over columns whose outputs it makes. */
#include "calls.h"

enum { ON_STACK = 32 };

/* Get the doubles of an object with a buffer, at least `count` of them; returns NULL with an exception otherwise. */
static double *doubles(PyObject *object, Py_buffer *view, int flags, Py_ssize_t count) {
  if (PyObject_GetBuffer(object, view, flags)) return NULL;
  if (view->len / (Py_ssize_t)sizeof(double) >= count) return view->buf ? view->buf : (double *)view;
  PyErr_Format(PyExc_ValueError, "%zd bytes hold fewer than %zd doubles", view->len, count);
  PyBuffer_Release(view);
  return NULL;
}

/* Buffers of one call. */
typedef struct {
  Py_buffer *views;
  const double **values;
  Py_ssize_t count;
} held;

static void release(held *h) {
  for (Py_ssize_t k = 0; k < h->count; k++) PyBuffer_Release(&h->views[k]);
  h->count = 0;
}

/* Get `count` buffers of at least `length` doubles from a tuple, beginning with its item `first`. */
static int hold(held *h, PyObject *tuple, Py_ssize_t first, Py_ssize_t count, int flags, Py_ssize_t length) {
  for (Py_ssize_t k = first; k < first + count; k++) {
    double *found = doubles(PyTuple_GetItem(tuple, k), &h->views[h->count], flags, length);
    if (!found) return -1;
    h->values[h->count++] = found;
  }
  return 0;
}

/* Get the columns of a program and of its passes. */
static int hold_columns(held *h, PyObject *tuple, const program *p, Py_ssize_t points) {
  Py_ssize_t at = p->columns;
  if (hold(h, tuple, 0, p->columns, PyBUF_SIMPLE, points)) return -1;
  for (int32_t k = 0; k < p->pass_count; k++) {
    const pass *q = &p->passes[k];
    if (hold(h, tuple, at, q->rows->columns, PyBUF_SIMPLE, q->length)) return -1;
    at += q->rows->columns;
  }
  return 0;
}

static int has_size(PyObject *tuple, Py_ssize_t count) {
  if (PyTuple_Check(tuple) && PyTuple_Size(tuple) == count) return 1;
  PyErr_Format(PyExc_ValueError, "expected a tuple of %zd arrays", count);
  return 0;
}

/* Points, or rows of all of them. */
static ptrdiff_t work_of(const program *p, ptrdiff_t points) {
  ptrdiff_t most = 1;
  for (int32_t k = 0; k < p->pass_count; k++)
    if (p->passes[k].length > most) most = p->passes[k].length;
  return points > PTRDIFF_MAX / most ? PTRDIFF_MAX : points * most;
}

const char run_doc[] =
  "run(program, columns, uniforms, outputs, first, last, threads)\n--\n\n"
  "Compute the outputs at the points first, ..., last - 1; other threads of Python run meanwhile.\n\n"
  "Args:\n"
  "    program: From prepare().\n"
  "    columns: A tuple of buffers of doubles, one value for each point; then those of the passes, one for each row.\n"
  "    uniforms: A buffer of doubles, the values that are the same at all points.\n"
  "    outputs: A tuple of buffers of doubles that are written; they overlap nothing.\n"
  "    threads: The most threads that may be used, at least 1.\n\n"
  "Returns:\n"
  "    1 for overflow + 2 for underflow + 4 if an output is not finite.\n\n"
  "Raises:\n"
  "    ValueError: Arrays are missing or too short; BufferError: one is not contiguous, or an output is read-only.\n";

PyObject *run(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
  (void)module;
  if (count != 7) {
    PyErr_SetString(PyExc_TypeError, "run() takes 7 arguments");
    return NULL;
  }
  program *p = PyCapsule_GetPointer(arguments[0], CAPSULE);
  if (!p) return NULL;
  const Py_ssize_t first = PyLong_AsSsize_t(arguments[4]), last = PyLong_AsSsize_t(arguments[5]);
  const long threads = PyLong_AsLong(arguments[6]);
  if (PyErr_Occurred()) return NULL;
  if (first < 0 || last < first) {
    PyErr_SetString(PyExc_ValueError, "there are no such points");
    return NULL;
  }
  Py_ssize_t columns = p->columns;
  for (int32_t k = 0; k < p->pass_count; k++) columns += p->passes[k].rows->columns;
  if (!has_size(arguments[1], columns) || !has_size(arguments[3], p->results)) return NULL;
  const Py_ssize_t arrays = columns + p->results + 1;
  Py_buffer few[ON_STACK];
  const double *few_values[ON_STACK];
  held h = {few, few_values, 0};
  if (arrays > ON_STACK) {
    h.views = PyMem_Calloc((size_t)arrays, sizeof *h.views);
    h.values = PyMem_Calloc((size_t)arrays, sizeof *h.values);
  }
  int happened = -2;
  if (!h.views || !h.values) PyErr_NoMemory();
  else if (!hold_columns(&h, arguments[1], p, last) && !hold(&h, arguments[3], 0, p->results, PyBUF_WRITABLE, last)) {
    const double *uniforms = doubles(arguments[2], &h.views[h.count], PyBUF_SIMPLE, p->uniforms);
    if (uniforms) {
      h.count++;
      fuse_after(p, work_of(p, last - first));
      const job j = {p, h.values, uniforms, (double *const *)(h.values + columns), first, last, 0.0, NULL};
      Py_BEGIN_ALLOW_THREADS
      happened = run_job(&j, threads > 1 << 16 ? 1 << 16 : threads < 1 ? 1 : (int)threads);
      Py_END_ALLOW_THREADS
      if (happened == -1) PyErr_NoMemory();
    }
  }
  release(&h);
  if (h.views != few) PyMem_Free(h.views);
  if (h.values != few_values) PyMem_Free(h.values);
  return happened < 0 ? NULL : PyLong_FromLong(happened);
}

const char evaluate_doc[] =
  "evaluate(program, columns, uniforms, array, few, many, most, threads, far)\n--\n\n"
  "Compute all outputs at all points, or return None if the columns are not plain arrays of doubles of one length.\n\n"
  "Args:\n"
  "    program: From prepare(), without passes.\n"
  "    columns: A list or tuple of the program's columns: anything.\n"
  "    uniforms: A buffer of doubles, the values that are the same at all points.\n"
  "    array: A function that makes an array of a buffer.\n"
  "    few, most: None is returned also for so few points, and for more than `most`.\n"
  "    many: The points from which on `threads` threads are used instead of one.\n"
  "    far: If it is not 0, columns are searched for numbers of at least this size, below its reciprocal but not 0, or NaN.\n\n"
  "Returns:\n"
  "    What run() returns, + 8 if there is such a number, and a list of the outputs.\n";

/* Get contiguous native doubles; returns their number, or -1, without an exception, if the object is anything else. */
static Py_ssize_t plain_doubles(PyObject *object, Py_buffer *view) {
  if (PyObject_GetBuffer(object, view, PyBUF_ND | PyBUF_FORMAT)) {
    PyErr_Clear();
    return -1;
  }
  if (view->ndim == 1 && view->format && view->format[0] == 'd' && !view->format[1]) return view->shape[0];
  PyBuffer_Release(view);
  return -1;
}

/* Below this size, a buffer is a bytearray: pages would be longer than it. */
enum { LEAST_PAGES = 8192 };

/* Make the arrays of the outputs: a list, whose memory h holds. */
static PyObject *output_arrays(held *h, PyObject *type, PyObject *array, int32_t count, Py_ssize_t points) {
  const Py_ssize_t size = points * (Py_ssize_t)sizeof(double);
  PyObject *list = PyList_New(count);
  for (int32_t k = 0; k < count && list; k++) {
    PyObject *buffer = size < LEAST_PAGES ? PyByteArray_FromStringAndSize(NULL, size) : new_memory(type, size);
    PyObject *made = buffer ? PyObject_CallFunctionObjArgs(array, buffer, NULL) : NULL;
    double *values = buffer && made ? doubles(buffer, &h->views[h->count], PyBUF_WRITABLE, points) : NULL;
    if (values) h->values[h->count++] = values;
    if (!made || PyList_SetItem(list, k, made) || !values) Py_CLEAR(list);
    Py_XDECREF(buffer);
  }
  return list;
}

/* Run a program over the columns that h holds; returns the flags and the outputs. */
static PyObject *evaluated(held *h, PyObject *module, PyObject *const *arguments, program *p, Py_ssize_t points,
                           int threads, double far) {
  PyObject *list = output_arrays(h, ((state *)PyModule_GetState(module))->memory, arguments[3], p->results, points);
  if (!list) return NULL;
  const double *uniforms = doubles(arguments[2], &h->views[h->count], PyBUF_SIMPLE, p->uniforms);
  int happened = -2;
  if (uniforms) {
    h->count++;
    fuse_after(p, points);
    const job j = {p, h->values, uniforms, (double *const *)(h->values + p->columns), 0, points, far, NULL};
    Py_BEGIN_ALLOW_THREADS
    happened = run_job(&j, threads);
    Py_END_ALLOW_THREADS
    if (happened == -1) PyErr_NoMemory();
  }
  PyObject *found = happened < 0 ? NULL : Py_BuildValue("iO", happened, list);
  Py_DECREF(list);
  return found;
}

PyObject *evaluate(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
  if (count != 9) {
    PyErr_SetString(PyExc_TypeError, "evaluate() takes 9 arguments");
    return NULL;
  }
  program *p = PyCapsule_GetPointer(arguments[0], CAPSULE);
  if (!p) return NULL;
  const Py_ssize_t few = PyLong_AsSsize_t(arguments[4]), many = PyLong_AsSsize_t(arguments[5]);
  const Py_ssize_t most = PyLong_AsSsize_t(arguments[6]);
  const long threads = PyLong_AsLong(arguments[7]);
  const double far = PyFloat_AsDouble(arguments[8]);
  if (PyErr_Occurred()) return NULL;
  PyObject *columns = arguments[1];
  const int list = PyList_Check(columns);
  if ((!list && !PyTuple_Check(columns)) || p->pass_count || !p->columns) Py_RETURN_NONE;
  const Py_ssize_t arrays = (Py_ssize_t)p->columns + p->results + 1;
  if (arrays > ON_STACK || (list ? PyList_Size(columns) : PyTuple_Size(columns)) != p->columns) Py_RETURN_NONE;
  Py_buffer views[ON_STACK];
  const double *values[ON_STACK];
  held h = {views, values, 0};
  Py_ssize_t points = 0;
  int plain = 1;
  for (int32_t k = 0; k < p->columns && plain; k++) {
    // A list may change while a buffer is asked for.
    PyObject *column = list ? PySequence_GetItem(columns, k) : Py_NewRef(PyTuple_GetItem(columns, k));
    const Py_ssize_t length = column ? plain_doubles(column, &views[k]) : -1;
    Py_XDECREF(column);
    if (!column) PyErr_Clear();
    if (length < 0) {
      plain = 0;
      continue;
    }
    values[h.count++] = views[k].buf;
    if (!k) points = length;
    plain = length == points;
  }
  PyObject *found;
  if (!plain || points <= few || points > most) found = Py_NewRef(Py_None);
  else found = evaluated(&h, module, arguments, p, points, points < many || threads < 1 ? 1 : threads > 1 << 16 ? 1 << 16 : (int)threads, far);
  release(&h);
  return found;
}

const char add_up_doc[] =
  "add_up(program, columns, uniforms, points, part, pairs, happened, threads, far)\n--\n\n"
  "Compute the sums of all outputs over parts of the points; other threads of Python run meanwhile.\n\n"
  "Args:\n"
  "    program: From prepare(), without passes.\n"
  "    columns: A tuple of buffers of doubles, one value for each point.\n"
  "    uniforms: A buffer of doubles, the values that are the same at all points.\n"
  "    points: The number of points.\n"
  "    part: The points of a part, at least 1; the last part may be shorter.\n"
  "    pairs: A buffer of doubles that is written: for each part and each output the sum, and what rounding has taken from it.\n"
  "    happened: A buffer of bytes that is written: for each part what run() returns, + 8 as for evaluate().\n"
  "    threads: The most threads that may be used, at least 1.\n"
  "    far: As for evaluate().\n\n"
  "Raises:\n"
  "    ValueError: Arrays are missing or too short; BufferError: one is not contiguous, or read-only.\n";

PyObject *add_up(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
  (void)module;
  if (count != 9) {
    PyErr_SetString(PyExc_TypeError, "add_up() takes 9 arguments");
    return NULL;
  }
  program *p = PyCapsule_GetPointer(arguments[0], CAPSULE);
  if (!p) return NULL;
  const Py_ssize_t points = PyLong_AsSsize_t(arguments[3]), part = PyLong_AsSsize_t(arguments[4]);
  const long threads = PyLong_AsLong(arguments[7]);
  const double far = PyFloat_AsDouble(arguments[8]);
  if (PyErr_Occurred()) return NULL;
  if (points < 0 || part < 1 || p->pass_count) {
    PyErr_SetString(PyExc_ValueError, "there are no such points or parts");
    return NULL;
  }
  if (!has_size(arguments[1], p->columns)) return NULL;
  const Py_ssize_t parts = points ? (points - 1) / part + 1 : 0;
  held h = {PyMem_Calloc((size_t)p->columns + 2, sizeof(Py_buffer)), PyMem_Calloc((size_t)p->columns + 2, sizeof(double *)), 0};
  Py_buffer bytes = {0};
  int ran = -2;
  if (!h.views || !h.values) PyErr_NoMemory();
  else if (p->results && parts > PY_SSIZE_T_MAX / 2 / p->results) PyErr_SetString(PyExc_ValueError, "there are no such points or parts");
  else if (!hold(&h, arguments[1], 0, p->columns, PyBUF_SIMPLE, points)) {
    const double *uniforms = doubles(arguments[2], &h.views[h.count], PyBUF_SIMPLE, p->uniforms);
    h.count += uniforms != NULL;
    double *pairs = uniforms ? doubles(arguments[5], &h.views[h.count], PyBUF_WRITABLE, parts * p->results * 2) : NULL;
    h.count += pairs != NULL;
    if (pairs && !PyObject_GetBuffer(arguments[6], &bytes, PyBUF_WRITABLE)) {
      if (bytes.len < parts) PyErr_SetString(PyExc_ValueError, "there are fewer bytes than parts");
      else {
        fuse_after(p, points);
        const sums s = {pairs, bytes.buf, part};
        const job j = {p, h.values, uniforms, NULL, 0, points, far, &s};
        Py_BEGIN_ALLOW_THREADS
        ran = run_job(&j, threads > 1 << 16 ? 1 << 16 : threads < 1 ? 1 : (int)threads);
        Py_END_ALLOW_THREADS
        if (ran == -1) PyErr_NoMemory();
      }
      PyBuffer_Release(&bytes);
    }
  }
  release(&h);
  PyMem_Free(h.views);
  PyMem_Free(h.values);
  return ran < 0 ? NULL : Py_NewRef(Py_None);
}
