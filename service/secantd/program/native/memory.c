/* Memory for long results that is used again once nothing refers to it.
 *
 * The system hands out pages of new memory one by one, each with zeros, when they are first written. For a formula of a dozen
 * operations that takes as long as the computation. Memory of results that are gone is therefore kept, up to a limit. Only code that
 * holds Python's interpreter lock allocates and releases it.
 */
#include "memory.h"

#include <stdlib.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif

/* Bytes: a size that huge pages divide, the least size that asks for them, and the most that is kept. */
enum { PAGE = 1 << 12, HUGE_PAGE = 1 << 21, WORTH_HUGE = 1 << 22, MOST_KEPT = 1 << 26, PLACES = 16 };

typedef struct {
  void *bytes;
  size_t size;
} area;

static area kept[PLACES];
static size_t kept_size;

typedef struct {
  PyObject_HEAD
  area memory;
  Py_ssize_t size;
} memory;

/* Take kept memory that is at least as large as asked for and less than twice as large. */
static area taken(size_t size) {
  int best = -1;
  for (int i = 0; i < PLACES; i++)
    if (kept[i].bytes && kept[i].size >= size && kept[i].size / 2 < size && (best < 0 || kept[i].size < kept[best].size))
      best = i;
  if (best < 0) return (area){NULL, 0};
  const area found = kept[best];
  kept[best] = (area){NULL, 0};
  kept_size -= found.size;
  return found;
}

static area allocated(size_t size) {
  area found = taken(size);
  if (found.bytes) return found;
  const size_t page = size >= WORTH_HUGE ? HUGE_PAGE : PAGE;
  size = (size + page - 1) / page * page;
#if defined(_WIN32)
  found.bytes = malloc(size);
#else
  if (posix_memalign(&found.bytes, page, size)) found.bytes = NULL;
#endif
  found.size = size;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  if (found.bytes && page == HUGE_PAGE) madvise(found.bytes, size, MADV_HUGEPAGE);
#endif
  return found;
}

/* Keep memory; where all places are taken, instead of the smallest, which is missed least. */
static void released(area a) {
  int place = 0;
  for (int i = 1; i < PLACES; i++)
    if (kept[place].bytes && (!kept[i].bytes || kept[i].size < kept[place].size)) place = i;
  if (kept[place].bytes && kept[place].size < a.size) {
    free(kept[place].bytes);
    kept_size -= kept[place].size;
    kept[place] = (area){NULL, 0};
  }
  if (!a.bytes || kept[place].bytes || a.size > MOST_KEPT - kept_size) {
    free(a.bytes);
    return;
  }
  kept[place] = a;
  kept_size += a.size;
}

static void destroy(PyObject *object) {
  PyTypeObject *type = Py_TYPE(object);
  released(((memory *)object)->memory);
  PyObject_Free(object);
  Py_DECREF(type);
}

static int get_buffer(PyObject *object, Py_buffer *view, int flags) {
  memory *m = (memory *)object;
  return PyBuffer_FillInfo(view, object, m->memory.bytes, m->size, 0, flags);
}

static PyType_Slot slots[] = {{Py_tp_dealloc, destroy}, {Py_bf_getbuffer, get_buffer}, {0, NULL}};

static PyType_Spec spec = {
  "secantd.program.native._machine.Memory", sizeof(memory), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots,
};

PyObject *memory_type(PyObject *module) { return PyType_FromModuleAndSpec(module, &spec, NULL); }

PyObject *new_memory(PyObject *type, Py_ssize_t size) {
  if (size < 0 || size > PY_SSIZE_T_MAX - HUGE_PAGE) return PyErr_NoMemory();
  memory *m = PyObject_New(memory, (PyTypeObject *)type);
  if (!m) return NULL;
  m->size = size;
  m->memory = allocated(size ? (size_t)size : 1);
  if (m->memory.bytes) return (PyObject *)m;
  Py_DECREF(m);
  return PyErr_NoMemory();
}
