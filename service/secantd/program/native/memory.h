/* Memory for long results that is used again. See memory.c. */
#ifndef SECANT_MEMORY_H
#define SECANT_MEMORY_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

/* A new type of objects with a buffer of bytes, or NULL with an exception. */
PyObject *memory_type(PyObject *module);

/* A new object of that type with so many bytes, or NULL with an exception. */
PyObject *new_memory(PyObject *type, Py_ssize_t size);

#endif
