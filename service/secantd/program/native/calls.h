/* The functions of the module that run a program. See calls.c and walk.c. */
#ifndef SECANT_CALLS_H
#define SECANT_CALLS_H

#include "memory.h"

#include "machine.h"

/* The name of the capsules that prepare() returns. */
#define CAPSULE "secantd.program"

/* What the module keeps: the type of the memory of results. */
typedef struct {
  PyObject *memory;
} state;

extern const char run_doc[], evaluate_doc[], add_up_doc[], single_doc[], walk_doc[], search_doc[];
PyObject *run(PyObject *module, PyObject *const *arguments, Py_ssize_t count);
PyObject *evaluate(PyObject *module, PyObject *const *arguments, Py_ssize_t count);
PyObject *add_up(PyObject *module, PyObject *const *arguments, Py_ssize_t count);
PyObject *single(PyObject *module, PyObject *const *arguments, Py_ssize_t count);
PyObject *walk(PyObject *module, PyObject *arguments);
PyObject *search(PyObject *module, PyObject *arguments);

#endif
