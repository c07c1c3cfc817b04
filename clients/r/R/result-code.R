# Conversion of text from a server to R code. Callers evaluate answers, so the code of a broken or hostile server must
# contain nothing but numbers, names and calls of functions that compute numbers.

# All functions that the service prints in R notation; a test compares this with the service's table of functions.
KNOWN_CALLS <- c(
  "(", "+", "-", "*", "/", "^", "%%", "%/%", "<", "<=", ">", ">=", "==", "!=", "!", "&", "|", "[", "c", "if", "ifelse", "sum",
  "mean", "prod", "max", "min", "length", "pmax", "pmin", "abs", "sign", "round", "floor", "ceiling", "trunc", "sqrt", "exp", "expm1",
  "log", "log10", "log1p", "log2", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinpi", "cospi", "tanpi", "sinh",
  "cosh", "tanh", "asinh", "acosh", "atanh", "gamma", "lgamma", "digamma", "trigamma", "psigamma", "beta", "lbeta", "choose",
  "lchoose", "factorial", "lfactorial", "besselI", "besselJ", "besselK", "besselY", "erf", "erfc", "erfi", "dawsn", "exp1", "expi", "lambertW0",
  "gammainc_grad_a", "betainc_grad_a", "betainc_grad_b", "pf_grad_df1", "pf_grad_df2", "pt_grad_df", "pf_sign_df1", "pf_sign_df2", "pt_sign_df", "gammainc_grad_aa", "betainc_grad_aa",
  "betainc_grad_ab", "betainc_grad_bb", "pf_grad_df1_df1", "pf_grad_df1_df2", "pf_grad_df2_df2", "pt_grad_df_df",
  "besselJ_grad_nu", "besselY_grad_nu", "besselI_grad_nu", "besselK_grad_nu",
  "besselJ_grad_nu_nu", "besselY_grad_nu_nu", "besselI_grad_nu_nu", "besselK_grad_nu_nu",
  paste0(rep(c("d", "p", "q"), each = 15L), c("beta", "binom", "cauchy", "chisq", "exp", "f", "gamma", "lnorm", "logis", "nbinom",
                                              "norm", "pois", "t", "unif", "weibull")),
  "%*%", "as.data.frame", "as.numeric", "as.vector", "cbind", "chol", "colSums", "crossprod", "cummax", "cummin", "cumprod", "cumsum",
  "det", "determinant", "diag", "diff", "factor", "head", "list", "match", "matrix", "ncol", "nrow", "numeric", "order", "rbind", "rep", "rep_len", "replace", "rev", "rowSums",
  "rowsum", "seq_along", "seq_len", "solve", "sort", "t", "tabulate", "tail", "tcrossprod"
)

# Functions that call another one, which is the argument at this position.
CALLERS <- c(apply = 3L, Map = 1L, mapply = 1L, outer = 3L, Reduce = 1L, sweep = 4L, tapply = 3L)

# The code of a text from a server. A text of several lines is a block: assignments, then a formula. It may assign only to
# the names of parts, .e1, .e2 and so on, and to names that occur in `own`, the text of the caller's function.
answer_code <- function(text, own = "") {
  block <- grepl("\n", text, fixed = TRUE)
  code <- tryCatch(parse_text(if (block) paste0("{\n", text, "\n}") else text),
                   error = function(e) stop_malformed("a formula that is not R code"))
  left <- if (block) block_formulas(code, own) else list(code)
  # An explicit stack, because the server controls the depth.
  while (length(left)) {
    part <- left[[length(left)]]
    left[[length(left)]] <- NULL
    if (is.call(part)) {
      head <- part[[1L]]
      name <- if (is.name(head)) as.character(head) else ""
      inside <- Filter(function(one) !identical(one, quote(expr = )), as.list(part)[-1L])   # A[1, ] leaves one out
      if (name %in% names(CALLERS)) {
        if (length(inside) >= CALLERS[[name]]) {
          called <- inside[[CALLERS[[name]]]]
          if (name %in% c("mapply", "Reduce") && is.call(called) && identical(called[[1L]], quote(`function`)) && all(vapply(as.list(called[[2L]]), identical, NA, quote(expr = )))) {
            # A function of numbers that the text defines; its body is looked at as the rest is.
            left <- c(left, called[[3L]])
            called <- quote(c)
          }
          # A function by its name; any other would run with the caller's numbers.
          if (!(is.name(called) || is.character(called)) || !as.character(called) %in% KNOWN_CALLS || "FUN" %in% names(inside)) {
            stop_malformed(sprintf("a formula that calls %s", printable(deparse(called, width.cutoff = 60L)[1L])))
          }
          inside <- inside[-CALLERS[[name]]]
        }
      } else if (name == "$" && length(inside) == 2L && identical(inside[[2L]], quote(modulus))) {
        # log |det A|: determinant(A)$modulus
        inside <- inside[1L]
      } else if (name == "$" && length(inside) == 2L && all(vapply(inside, is.name, NA))) {
        # A column of a data frame, or a named component of a variable.
        inside <- list()
      } else if (!name %in% KNOWN_CALLS) {
        stop_malformed(sprintf("a formula that calls %s", printable(deparse(head, width.cutoff = 60L)[1L])))
      }
      left <- c(left, inside)
    } else if (!is.name(part) && !is.numeric(part) && !is.logical(part)) {
      stop_malformed(sprintf("a formula that holds %s", class(part)[1L]))
    }
  }
  code
}

# The formulas of a block, without the names to which it assigns them. A recursion is a loop that fills vectors of the block.
block_formulas <- function(code, own) {
  lines <- as.list(code)[-1L]
  assigned <- character()
  value_of_line <- function(line) {
    if (!is.call(line) || !identical(line[[1L]], quote(`<-`)) || !is.name(line[[2L]])) {
      stop_malformed("a block with a line that is no assignment to a name")
    }
    name <- as.character(line[[2L]])
    # The entries of a vector or matrix `a` of the text are a1, a2, P12, P1_10.
    known <- nzchar(stem <- sub("[0-9_]+$", "", name)) && grepl(stem, own, fixed = TRUE)
    if (!grepl("^[.]e_*[0-9]+$", name) && !grepl(name, own, fixed = TRUE) && !known) {
      stop_malformed(sprintf("a block that assigns to %s", printable(name)))
    }
    assigned <<- c(assigned, name)
    list(line[[3L]])
  }
  value_of_step <- function(step) {
    vector <- if (is.call(step) && identical(step[[1L]], quote(`<-`))) step[[2L]]
    # A part that the row needs twice.
    if (is.name(vector) && grepl("^[.]t_*[0-9]+$", as.character(vector))) return(list(step[[3L]]))
    if (!is.call(vector) || length(vector) != 3L || !identical(vector[[1L]], quote(`[`)) ||
        !as.character(vector[[2L]])[1L] %in% assigned) {
      stop_malformed("a loop with a line that fills no vector of its block")
    }
    list(vector[[3L]], step[[3L]])
  }
  unlist(lapply(seq_along(lines), function(i) {
    line <- lines[[i]]
    if (i == length(lines)) return(list(line))
    if (!is.call(line) || !identical(line[[1L]], quote(`for`))) return(value_of_line(line))
    # The service writes no other index.
    if (!grepl("^i_*$", as.character(line[[2L]]))) {
      stop_malformed(sprintf("a loop over %s", printable(as.character(line[[2L]]))))
    }
    steps <- if (is.call(line[[4L]]) && identical(line[[4L]][[1L]], quote(`{`))) as.list(line[[4L]])[-1L] else line[4L]
    c(line[[3L]], unlist(lapply(as.list(steps), value_of_step), recursive = FALSE))
  }), recursive = FALSE)
}

# A text from a server for a message, with "?" for characters that do not print or that change the direction of text.
printable <- function(text) {
  text <- iconv(utf8(as.character(text)), "UTF-8", "UTF-8", sub = "?")
  gsub("[\\x01-\\x09\\x0b-\\x1f\\x7f\u0080-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]", "?", text, perl = TRUE)
}
