# knitr is optional; if it is loaded, it must find the methods and the engine.
.onLoad <- function(libname, pkgname) {
  register <- function(...) {
    methods <- list(secant_figure = knit_print.secant_figure, secant_explanation = knit_print.secant_explanation,
                    secant_page = knit_print.secant_page)
    for (class in names(methods)) registerS3method("knit_print", class, methods[[class]], envir = asNamespace("knitr"))
    knitr::knit_engines$set(secant = knit_engine)
  }
  if (isNamespaceLoaded("knitr")) register() else setHook(packageEvent("knitr", "onLoad"), register)
}
