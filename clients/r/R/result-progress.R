# The progress of a descent on one line of the terminal.

WIDTH <- 30L

# `max_steps` and `tolerance` as descend() takes them.
progress_bar <- function(max_steps, tolerance, out = stderr()) {
  if (is.null(tolerance)) tolerance <- 1e-5   # the contract's default
  first <- NULL
  last <- NULL
  shown <- -Inf
  width <- 0L
  draw <- function(share) {
    shown <<- now()
    line <- progress_line(last, share)
    cat("\r", formatC(line, width = -width), sep = "", file = out)
    width <<- nchar(line)
  }
  list(
    show = function(steps) {
      if (!nrow(steps)) return()
      last <<- steps[nrow(steps), ]
      if (is.null(first)) first <<- steps$gradient_norm[1L]
      if (now() - shown >= 0.1) draw(progress_share(last, first, max_steps, tolerance))
    },
    close = function(ended) {
      if (is.null(last)) return()
      draw(if (ended) 1 else progress_share(last, first, max_steps, tolerance))
      cat("\n", file = out)
    }
  )
}

# The share completed, by the number of steps or by the digits of the gradient, whichever is larger.
progress_share <- function(last, first, max_steps, tolerance) {
  share <- c(
    if (max_steps > 0) last$number / max_steps,
    if (tolerance > 0 && first > tolerance) log(first / last$gradient_norm) / log(first / tolerance)
  )
  max(0, min(1, max(0, share[is.finite(share)])))
}

progress_line <- function(last, share) {
  done <- round(share * WIDTH)
  sprintf("|%s%s| %3.0f%%  step %s  f = %s  |grad f| = %s", strrep("=", done), strrep(" ", WIDTH - done), 100 * share,
          format(last$number, big.mark = " ", scientific = FALSE), format(last$value, digits = 7L), format(last$gradient_norm, digits = 3L))
}
