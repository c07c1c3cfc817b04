/* The extension module: code and arrays from Python, checked before they are used.
 *
 * It needs the stable interface of Python 3.11 only and no headers of NumPy, so that one build serves every later Python.
 */
#include "calls.h"

#include <string.h>

#ifndef CHECKSUM
#define CHECKSUM ""
#endif

/* More need more memory than the arrays of a call: 256 MB. */
enum { MOST_REGISTERS = 1 << 17 };

static void free_program(program *p) {
  if (!p) return;
  for (int32_t k = 0; k < p->pass_count; k++) {
    Py_XDECREF((PyObject *)p->passes[k].owner);
    PyMem_Free(p->passes[k].given);
    PyMem_Free(p->passes[k].reductions);
  }
  PyMem_Free(p->passes);
  unfuse(p);
  PyMem_Free(p->code);
  PyMem_Free(p->outputs);
  PyMem_Free(p);
}

static void destroy(PyObject *capsule) { free_program(PyCapsule_GetPointer(capsule, CAPSULE)); }

/* Whether an instruction reads and writes registers that exist, and no column or uniform value is written. */
static int sound(const program *p, int32_t position) {
  const instruction *i = &p->code[position];
  const int32_t n = p->registers;
  if (i->op < 0 || i->op >= OPERATIONS || i->a < 0 || i->a >= n || i->out < 0 || i->out >= n) return 0;
  if (i->b < 0 || i->b >= n || i->c < 0) return 0;
  if (i->op == OP_SKIP) return i->c / 2 < p->length - position;
  if (i->c >= n || i->out < p->columns + p->uniforms) return 0;
  /* Functions find what overflowed by their arguments. */
  return i->op < FIRST_FUNCTION || (i->out != i->a && i->out != i->b);
}

/* Whether the registers of the outputs exist, are written, and differ; -1 if there is not enough memory. */
static int outputs_sound(const program *p) {
  char *seen = PyMem_Calloc((size_t)p->registers + 1, 1);
  if (!seen) return -1;
  int good = 1;
  for (int32_t k = 0; k < p->results && good; k++) {
    const int32_t at = p->outputs[k];
    good = at >= p->columns + p->uniforms && at < p->registers && !seen[at];
    if (good) seen[at] = 1;
  }
  PyMem_Free(seen);
  return good;
}

/* Choose the form of an instruction by the arguments that are uniform values; what has no form of its own is computed by the first one. */
static void choose_form(const program *p, instruction *i) {
  const int32_t first = p->columns, end = p->columns + p->uniforms;
  const int forms = operation_forms[i->op], a = i->a >= first && i->a < end, b = i->b >= first && i->b < end;
  int same = a && b ? 0 : a ? SAME_A : b ? SAME_B : i->a == i->b ? TWICE : 0;
  if (forms == 8 && i->c >= first && i->c < end) same += SAME_C;
  i->form = i->op + OPERATIONS * (forms > 1 ? same : 0);
}

static void *copied(const char *bytes, Py_ssize_t size) {
  void *copy = PyMem_Malloc(size ? (size_t)size : 1);
  if (copy) memcpy(copy, bytes, (size_t)size);
  return copy;
}

PyDoc_STRVAR(prepare_doc,
             "prepare(code, columns, uniforms, registers, outputs)\n--\n\n"
             "Return a program for run().\n\n"
             "Args:\n"
             "    code: Five 32-bit integers for each instruction: the operation, the register of the result, three arguments.\n"
             "    columns: The number of columns, which are the first registers.\n"
             "    uniforms: The number of values that are the same at all points, the next registers.\n"
             "    registers: The number of all registers.\n"
             "    outputs: A 32-bit integer for each output: its register.\n\n"
             "Raises:\n"
             "    ValueError: The code is not sound.\n");

static PyObject *prepare(PyObject *module, PyObject *arguments) {
  (void)module;
  const char *code, *outputs;
  Py_ssize_t code_size, outputs_size;
  int columns, uniforms, registers;
  if (!PyArg_ParseTuple(arguments, "y#iiiy#", &code, &code_size, &columns, &uniforms, &registers, &outputs, &outputs_size))
    return NULL;
  const Py_ssize_t number = (Py_ssize_t)sizeof(int32_t), item = 5 * number;
  if (code_size % item || outputs_size % number || code_size / item >= INT32_MAX || columns < 0 || uniforms < 0 ||
      registers < 0 || registers > MOST_REGISTERS || columns > registers || uniforms > registers - columns ||
      outputs_size / number > MOST_REGISTERS) {
    PyErr_SetString(PyExc_ValueError, "the code has impossible sizes");
    return NULL;
  }
  program *p = PyMem_Calloc(1, sizeof *p);
  if (!p) return PyErr_NoMemory();
  p->code = PyMem_Calloc((size_t)(code_size / item) + 1, sizeof *p->code);
  p->outputs = copied(outputs, outputs_size);
  if (!p->code || !p->outputs) {
    free_program(p);
    return PyErr_NoMemory();
  }
  p->length = (int32_t)(code_size / item);
  p->columns = columns;
  p->uniforms = uniforms;
  p->registers = registers;
  p->results = (int32_t)(outputs_size / number);
  for (int32_t k = 0; k < p->length; k++) memcpy(&p->code[k], code + k * item, (size_t)item);
  int good = outputs_sound(p);
  for (int32_t k = 0; k < p->length && good > 0; k++) {
    good = sound(p, k);
    if (good) choose_form(p, &p->code[k]);
    if (p->code[k].op == OP_MODULO || p->code[k].op == OP_QUOTIENT) p->silent = 1;
  }
  PyObject *capsule = NULL;
  if (good < 0) PyErr_NoMemory();
  else if (!good) PyErr_SetString(PyExc_ValueError, "the code refers to an operation or a register that does not exist");
  else capsule = PyCapsule_New(p, CAPSULE, destroy);
  if (!capsule) free_program(p);
  return capsule;
}

/* Whether a pass reads and writes registers that exist, after the passes before it. */
static int pass_sound(const program *p, const pass *q) {
  const int32_t before = p->pass_count ? p->passes[p->pass_count - 1].position : 0;
  if (q->position < before || q->position > p->length || q->length < 1 || q->rows->pass_count) return 0;
  for (int32_t k = 0; k < q->rows->uniforms; k++)
    if (q->given[k] < 0 || q->given[k] >= p->registers) return 0;
  for (int32_t k = 0; k < q->count; k++) {
    const reduction *d = &q->reductions[k];
    if (d->kind < 0 || d->kind >= REDUCTIONS || d->output < 0 || d->output >= q->rows->results) return 0;
    if (d->into < p->columns + p->uniforms || d->into >= p->registers) return 0;
  }
  /* Instructions that are skipped may not reach over a pass. */
  for (int32_t k = 0; k < q->position; k++)
    if (p->code[k].op == OP_SKIP && p->code[k].c / 2 >= q->position - k) return 0;
  return 1;
}

PyDoc_STRVAR(attach_doc,
             "attach(program, position, rows, length, given, reductions)\n--\n\n"
             "Let a program run another one over rows of data at each point, before its instruction `position`.\n\n"
             "Args:\n"
             "    program: From prepare(), the code for points. Passes are attached in the order of their positions.\n"
             "    position: The number of instructions before the pass.\n"
             "    rows: From prepare(), the code for rows. In run() its columns follow those of `program`.\n"
             "    length: The number of rows, at least 1.\n"
             "    given: A 32-bit integer for each uniform value of `rows`: the register of `program` that has it.\n"
             "    reductions: Three 32-bit integers for each value that is made of an output of `rows`: 0 for the sum, 1 for the\n"
             "        product, 2 for the largest, 3 for the smallest; the number of the output; the register of `program`.\n\n"
             "Raises:\n"
             "    ValueError: There are no such registers, outputs or positions.\n");

static PyObject *attach(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *own, *other;
  const char *given, *reductions;
  Py_ssize_t given_size, reductions_size, length;
  int position;
  if (!PyArg_ParseTuple(arguments, "OiOny#y#", &own, &position, &other, &length, &given, &given_size, &reductions,
                        &reductions_size))
    return NULL;
  program *p = PyCapsule_GetPointer(own, CAPSULE);
  program *rows = p ? PyCapsule_GetPointer(other, CAPSULE) : NULL;
  if (!rows) return NULL;
  const Py_ssize_t item = (Py_ssize_t)sizeof(reduction);
  pass q = {rows, other, NULL, NULL, position, (int32_t)(reductions_size / item), length};
  if (p == rows || p->points < 0 || given_size != rows->uniforms * (Py_ssize_t)sizeof(int32_t) || reductions_size % item ||
      reductions_size / item > MOST_REGISTERS || p->pass_count >= MOST_REGISTERS) {
    PyErr_SetString(PyExc_ValueError, "the code has impossible sizes");
    return NULL;
  }
  pass *passes = PyMem_Realloc(p->passes, ((size_t)p->pass_count + 1) * sizeof *passes);
  if (passes) p->passes = passes;
  q.given = copied(given, given_size);
  q.reductions = copied(reductions, reductions_size);
  const int enough = passes && q.given && q.reductions;
  if (enough && pass_sound(p, &q)) {
    Py_INCREF(other);
    p->passes[p->pass_count++] = q;
    Py_RETURN_NONE;
  }
  PyMem_Free(q.given);
  PyMem_Free(q.reductions);
  if (!enough) return PyErr_NoMemory();
  PyErr_SetString(PyExc_ValueError, "the code refers to a register, an output or a position that does not exist");
  return NULL;
}

PyDoc_STRVAR(choose_doc,
             "choose(name)\n--\n\n"
             "Use the instruction set of that name, or the best one for None; return its name.\n\n"
             "Raises:\n    ValueError: This processor has no such set.\n");

static PyObject *choose(PyObject *module, PyObject *argument) {
  (void)module;
  const char *name = NULL;
  if (argument != Py_None && !(name = PyUnicode_AsUTF8AndSize(argument, NULL))) return NULL;
  const char *chosen = choose_instruction_set(name);
  if (chosen) return PyUnicode_FromString(chosen);
  PyErr_Format(PyExc_ValueError, "this processor has no instruction set %R", argument);
  return NULL;
}

PyDoc_STRVAR(fuse_doc,
             "fuse(allowed)\n--\n\n"
             "Let the arithmetic of programs become machine code once they have computed some thousand points, or not.\n");

static PyObject *allow(PyObject *module, PyObject *argument) {
  (void)module;
  const int allowed = PyObject_IsTrue(argument);
  if (allowed < 0) return NULL;
  allow_fusing(allowed);
  Py_RETURN_NONE;
}

PyDoc_STRVAR(memory_doc,
             "memory(size)\n--\n\n"
             "Return a buffer of so many bytes, which hold anything: memory of an earlier one that nothing refers to, or new memory.\n");

static PyObject *memory_of_size(PyObject *module, PyObject *argument) {
  const Py_ssize_t size = PyLong_AsSsize_t(argument);
  if (size == -1 && PyErr_Occurred()) return NULL;
  return new_memory(((state *)PyModule_GetState(module))->memory, size);
}

static PyMethodDef methods[] = {
  {"memory", memory_of_size, METH_O, memory_doc},
  {"prepare", prepare, METH_VARARGS, prepare_doc},
  {"attach", attach, METH_VARARGS, attach_doc},
  {"run", (PyCFunction)(void (*)(void))run, METH_FASTCALL, run_doc},
  {"evaluate", (PyCFunction)(void (*)(void))evaluate, METH_FASTCALL, evaluate_doc},
  {"add_up", (PyCFunction)(void (*)(void))add_up, METH_FASTCALL, add_up_doc},
  {"single", (PyCFunction)(void (*)(void))single, METH_FASTCALL, single_doc},
  {"walk", walk, METH_VARARGS, walk_doc},
  {"search", search, METH_VARARGS, search_doc},
  {"choose", choose, METH_O, choose_doc},
  {"fuse", allow, METH_O, fuse_doc},
  {NULL, NULL, 0, NULL},
};

/* Add a tuple of strings to a module; takes the reference to it. */
static int add(PyObject *module, const char *name, PyObject *tuple) {
  const int failed = !tuple || PyModule_AddObjectRef(module, name, tuple);
  Py_XDECREF(tuple);
  return failed ? -1 : 0;
}

static int fill(PyObject *module) {
  state *own = PyModule_GetState(module);
  own->memory = memory_type(module);
  if (!own->memory) return -1;
  PyObject *names = PyTuple_New(OPERATIONS), *vectors = PyList_New(0), *sets = PyList_New(0);
  int failed = !names || !vectors || !sets;
  for (int op = 0; op < OPERATIONS && !failed; op++) {
    PyObject *name = PyUnicode_FromString(operation_names[op]);
    failed = !name || PyTuple_SetItem(names, op, name);
    if (!failed && op >= FIRST_FUNCTION && op < OP_SKIP && vector_function(op, 2)) failed = PyList_Append(vectors, name);
  }
  for (int k = 0; k < instruction_set_count && !failed; k++) {
    if (!instruction_sets[k].present()) continue;
    PyObject *name = PyUnicode_FromString(instruction_sets[k].name);
    failed = !name || PyList_Append(sets, name);
    Py_XDECREF(name);
  }
  if (!failed) failed = add(module, "VECTOR_FUNCTIONS", PyList_AsTuple(vectors)) || add(module, "SETS", PyList_AsTuple(sets));
  Py_XDECREF(vectors);
  Py_XDECREF(sets);
  if (failed) Py_XDECREF(names);
  if (failed || add(module, "OPERATIONS", names)) return -1;
  choose_instruction_set(NULL);
  return PyModule_AddStringConstant(module, "CHECKSUM", CHECKSUM);
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
  Py_VISIT(((state *)PyModule_GetState(module))->memory);
  return 0;
}

static int clear(PyObject *module) {
  Py_CLEAR(((state *)PyModule_GetState(module))->memory);
  return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};

static struct PyModuleDef definition = {
  PyModuleDef_HEAD_INIT, "_machine", "Runs the code of a tape over arrays.", sizeof(state), methods,
  slots, traverse, clear, NULL,
};

PyMODINIT_FUNC PyInit__machine(void) { return PyModuleDef_Init(&definition); }
