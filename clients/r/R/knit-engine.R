#' Chunks of knitr and Quarto
#'
#' A document that attaches this package may have chunks with the language `secant`. A chunk contains one function, as a string
#' of [sec_function()] has it; the document gets its derivation, its derivative and a figure. A server must answer when the document
#' is built, see [secant_start()].
#'
#' ````
#' ```{r setup, include = FALSE}
#' library(secant)
#' secant_start()
#' ```
#'
#' ```{secant}
#' #| with_respect_to: x
#' #| at: x = 2
#' x^2 * exp(-x)
#' ```
#' ````
#'
#' @section Options: All are chunk options of knitr, in the header or in lines that begin with `#|`.
#'
#' | option | meaning |
#' |---|---|
#' | `call` | What to show: "differentiate" (the derivation; the default), "gradient", "jacobian", "hessian", "tangent", "taylor", "extrema", "descend", "check", "evaluate", "export" |
#' | `with_respect_to` | Names of variables, `x` or `"x, y"`. Default: all variables, or the only one |
#' | `at` | The point, `"x = 2, y = 1"`, or the number of the only variable; for "descend" the start |
#' | `order` | The degree for "taylor" (default 3), the highest derivative for "export" |
#' | `claimed` | The claimed derivative for "check" |
#' | `box` | The box for "extrema", `"x = -1 to 3"` |
#' | `notations` | Languages for "export", `"c, python"` |
#' | `notation` | The notation of the function: "r", "python", "textbook" or "latex" |
#' | `language` | The language of derivations: "en" or "ko" |
#' | `steps` | `false`: no derivation, only the result |
#' | `figure` | `false`: no figure. Functions of one or two variables have one |
#' | `xlim`, `ylim` | The ranges of the figure. Default: around the point |
#'
#' Of knitr's own options `echo`, `eval`, `error`, `include`, `cache`, `fig.width`, `fig.height`, `fig.cap`, `fig.alt`, `dpi` and
#' `out.width` apply.
#'
#' @name secant_chunks
#' @aliases secant_engine
NULL

CALLS <- c("differentiate", "gradient", "jacobian", "hessian", "tangent", "taylor", "extrema", "descend", "check", "evaluate",
           "export")

# The engine: from the options and the code of a chunk to its text in the document.
knit_engine <- function(options) {
  code <- paste(options$code, collapse = "\n")
  if (isFALSE(options$eval) || !nzchar(trimws(code))) return(knitr::engine_output(options, options$code, ""))
  found <- if (isTRUE(options$error)) tryCatch(chunk_text(code, options), secant_error = identity) else chunk_text(code, options)
  if (inherits(found, "condition")) return(knitr::engine_output(options, options$code, paste("Error:", conditionMessage(found))))
  options$results <- "asis"
  knitr::engine_output(options, options$code, found)
}

chunk_text <- function(code, options) {
  call <- chunk_option(options, "call", "differentiate")
  if (!is.character(call) || length(call) != 1L || !call %in% CALLS) {
    stop_argument(sprintf("the chunk option 'call' must be one of %s; got %s", toString(CALLS), deparse_text(call)), "call")
  }
  f <- sec_function(code, notation = chunk_option(options, "notation"))
  by <- chunk_names(chunk_option(options, "with_respect_to"))
  at <- chunk_point(chunk_option(options, "at"))
  notices <- character()
  take <- function(notice) {
    notices <<- c(notices, conditionMessage(notice))
    invokeRestart("muffleWarning")
  }
  text <- withCallingHandlers(chunk_calls[[call]](f, by, at, options), secant_notice = take)
  picture <- if (!isFALSE(chunk_option(options, "figure"))) chunk_figure(f, call, by, at, options)
  paste(c(text, notice_lines(unique(notices)), picture), collapse = "\n\n")
}

# An option by its name, also as it is written in R: with.respect.to, with-respect-to.
chunk_option <- function(options, name, default = NULL) {
  for (own in c(name, gsub("_", ".", name, fixed = TRUE), gsub("_", "-", name, fixed = TRUE))) {
    if (!is.null(options[[own]])) return(options[[own]])
  }
  default
}

chunk_names <- function(text) if (!is.null(text)) trimws(unlist(strsplit(as.character(text), ",", fixed = TRUE)))

# "x = 2, y = 1", c(x = 2, y = 1), list(x = 2) or 2.
chunk_point <- function(value) {
  if (is.null(value) || is.numeric(value)) return(value)
  if (is.list(value)) return(unlist(value))
  parts <- strsplit(trimws(unlist(strsplit(value, ",", fixed = TRUE))), "\\s*[=:]\\s*")
  numbers <- suppressWarnings(vapply(parts, function(part) as.numeric(part[length(part)]), 0))
  if (anyNA(numbers) || any(lengths(parts) > 2L)) {
    stop_argument(sprintf("the chunk option 'at' must be like \"x = 2, y = 1\"; got %s", deparse_text(value)), "at")
  }
  if (all(lengths(parts) == 1L)) numbers else stats::setNames(numbers, vapply(parts, `[`, "", 1L))
}

# "x = -1 to 3, y = 0 to 1", or list(x = c(-1, 3)).
chunk_box <- function(value) {
  if (is.null(value)) stop_argument("the chunk needs the option 'box', for example box: \"x = -1 to 3\"", "box")
  if (is.list(value)) return(lapply(value, as.numeric))
  parts <- strsplit(trimws(unlist(strsplit(value, ",", fixed = TRUE))), "\\s*[=:]\\s*|\\s+to\\s+")
  if (any(lengths(parts) != 3L)) {
    stop_argument(sprintf("the chunk option 'box' must be like \"x = -1 to 3\"; got %s", deparse_text(value)), "box")
  }
  stats::setNames(lapply(parts, function(part) as.numeric(part[2:3])), vapply(parts, `[`, "", 1L))
}

needs_point <- function(at, call) {
  if (is.null(at)) stop_argument(sprintf("call: %s needs the option 'at', for example at: \"x = 2\"", call), "at")
}

# ---- the text of each call

chunk_calls <- list(
  differentiate = function(f, by, at, options) c(
    if (isFALSE(chunk_option(options, "steps"))) math_of(noted(differentiate(f, by, notations = "latex", full = TRUE)))
    else explanation_text(f, by, options, gradient = FALSE),
    if (!is.null(at)) point_line(noted(differentiate(f, by, at = at, full = TRUE)))
  ),
  gradient = function(f, by, at, options) c(
    if (isFALSE(chunk_option(options, "steps"))) math_of(noted(sec_gradient(f, by, notations = "latex", full = TRUE)))
    else explanation_text(f, by, options, gradient = TRUE),
    if (!is.null(at)) point_line(noted(sec_gradient(f, by, at = at, full = TRUE)))
  ),
  jacobian = function(f, by, at, options) c(
    math_of(noted(sec_jacobian(f, by, notations = "latex", full = TRUE))),
    if (!is.null(at)) point_line(noted(sec_jacobian(f, by, at = at, full = TRUE)))
  ),
  hessian = function(f, by, at, options) c(
    math_of(noted(sec_hessian(f, by, notations = "latex", full = TRUE))),
    if (!is.null(at)) point_line(noted(sec_hessian(f, by, at = at, full = TRUE)))
  ),
  tangent = function(f, by, at, options) {
    needs_point(at, "tangent")
    math_of(tangent(f, at, notations = "latex"))
  },
  taylor = function(f, by, at, options) {
    needs_point(at, "taylor")
    math_of(sec_taylor(f, at, chunk_option(options, "order", 3L), notations = "latex"))
  },
  extrema = function(f, by, at, options) knit_text_of(sec_extrema(f, chunk_box(chunk_option(options, "box")))),
  descend = function(f, by, at, options) {
    needs_point(at, "descend")
    knit_text_of(descend(f, at, progress = FALSE))
  },
  check = function(f, by, at, options) {
    claimed <- chunk_option(options, "claimed")
    if (is.null(claimed)) stop_argument("call: check needs the option 'claimed', the derivative to check", "claimed")
    knit_text_of(sec_check(f, claimed, by, at = at))
  },
  evaluate = function(f, by, at, options) {
    needs_point(at, "evaluate")
    sprintf("At %s: $f = %s$\n", math_point(at), format(as.vector(sec_evaluate(f, as.list(at))), digits = 7L))
  },
  export = function(f, by, at, options) {
    languages <- chunk_names(chunk_option(options, "notations", "c"))
    code <- sec_export(f, by, languages, order = chunk_option(options, "order", 1L))
    paste0("```", names(code), "\n", sub("\n+$", "", unclass(code)), "\n```", collapse = "\n\n")
  }
)

# A full answer, with its notices as a warning, which the chunk shows.
noted <- function(x) {
  signal_notices(x$notices)
  x
}

explanation_text <- function(f, by, options, gradient) {
  steps <- sec_explain(f, by, gradient = gradient, language = chunk_option(options, "language"))
  paste(as.character(knit_print.secant_explanation(steps)), collapse = "\n")
}

# ---- figures

# A figure of the function, as Markdown; NULL if it has none, as a function of three variables.
chunk_figure <- function(f, call, by, at, options) {
  if (call %in% c("jacobian", "check", "export", "evaluate")) return(NULL)
  kind <- if (isTRUE(knitr::is_latex_output())) "pdf" else "png"
  folder <- knitr::opts_knit$get("base.dir")
  path <- knitr::fig_path(paste0(".", kind), options, number = 1L)
  file <- if (is.null(folder)) path else file.path(folder, path)
  dir.create(dirname(file), recursive = TRUE, showWarnings = FALSE)
  size <- c(options$fig.width, options$fig.height)
  dpi <- if (is.null(options$dpi)) 72 else options$dpi
  if (kind == "pdf") grDevices::pdf(file, size[1L], size[2L]) else grDevices::png(file, size[1L] * dpi, size[2L] * dpi, res = dpi)
  drawn <- tryCatch({
    suppressWarnings(draw_chunk(f, call, by, at, options), classes = "secant_notice")
    TRUE
  }, secant_error = function(e) FALSE, finally = grDevices::dev.off())
  if (!drawn) {
    unlink(file)
    return(NULL)
  }
  caption <- if (is.null(options$fig.cap)) paste("Graph of", plot_title(f)) else options$fig.cap
  width <- if (!is.null(options$out.width)) sprintf("{width=%s}", options$out.width) else ""
  # A backslash at the end keeps Pandoc from making a figure with a caption of a graph that has none of the author's.
  sprintf("![%s](%s)%s%s\n", caption, path, width, if (is.null(options$fig.cap)) "\\" else "")
}

draw_chunk <- function(f, call, by, at, options) {
  xlim <- chunk_option(options, "xlim")
  ylim <- chunk_option(options, "ylim")
  if (call == "descend") return(plot(descend(f, at, progress = FALSE), xlim = xlim, ylim = ylim))
  if (call == "taylor") return(plot(sec_taylor(f, at, chunk_option(options, "order", 3L)), xlim = xlim))
  if (call == "extrema") {
    box <- chunk_box(chunk_option(options, "box"))
    if (is.null(xlim)) xlim <- box[[1L]]
    if (is.null(ylim) && length(box) == 2L) ylim <- box[[2L]]
  }
  plot_at(f, at, xlim, ylim)
}
