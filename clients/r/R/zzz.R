# knitr is optional; if it is loaded, it must find the method.
.onLoad <- function(libname, pkgname) {
  register <- function(...) {
    registerS3method("knit_print", "secant_figure", knit_print.secant_figure, envir = asNamespace("knitr"))
  }
  if (isNamespaceLoaded("knitr")) register() else setHook(packageEvent("knitr", "onLoad"), register)
}
