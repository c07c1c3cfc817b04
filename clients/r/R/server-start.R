#' Start and stop a Secant server on this machine
#'
#' `secant_start()` starts a server for this R session and makes it the default connection of all functions. The server
#' accepts calls from this machine only, on a free port. It ends with `secant_stop()`, and when R ends, also if R is killed. If
#' a server answers already (see [secant_connect()]) or was started before, that one is used.
#'
#' Nothing else starts a server: without one, calls fail with an error that names `secant_start()`.
#'
#' @section Where the server comes from: A server is a Python program, `secantd`. The first that exists is used:
#'
#' 1. the program that `from` names, or `secantd` on the search path;
#' 2. the server that `secant_start()` or `secant_install()` installed before;
#' 3. a server that is installed now: by `uv tool run`, by `pipx run`, into a virtual environment of Python 3.11 or newer in
#'    `tools::R_user_dir("secant", "cache")`, or as a container of docker or podman.
#'
#' R asks before it installs anything. Without a user to ask, it installs only with `ask = FALSE` or
#' `options(secant.ask = FALSE)`. The server takes about 200 MB.
#'
#' @param from What to use or install: the path of a `secantd`, of a wheel, of a source archive or of a folder with the sources,
#'   or a requirement of pip such as "secant\[local\]==0.2". For containers, the name of the image. `NULL`: the option
#'   `secant.from`, the environment variable `R_SECANT_FROM`, or else "secant\[local\]".
#' @param with One of "secantd", "uv", "pipx", "venv", "docker" and "podman". `NULL`: the first that exists.
#' @param ask Whether to ask before installing. `NULL`: the option `secant.ask`, or else `TRUE`.
#' @param timeout Seconds to wait for the server to answer after the installation.
#' @returns `secant_start()`: the connection, invisibly. `secant_stop()`: whether a server was stopped, invisibly.
#'   `secant_install()`: the command that runs the server, invisibly.
#' @section Errors: `secant_no_server` if there is nothing to start and nothing to install from, or if the server does not start;
#'   the message says what to do. See [secant_error].
#' @export
#' @examples
#' \dontrun{
#' secant_start()
#' differentiate(~ x^2)
#' secant_stop()
#'
#' secant_start(from = "path/to/secant")   # a folder with the sources
#' }
secant_start <- function(from = NULL, with = NULL, ask = NULL, timeout = 120) {
  check_timeout(timeout)
  if (runs()) {
    say("the server of this session answers at ", server$address)
    return(invisible(use_server()))
  }
  if (is.null(from) && is.null(with) && secant_available()) {
    connection <- connection_of(NULL)
    say("a server answers at ", connection$target, ", which is used; secant_stop() does not stop it")
    return(invisible(connection))
  }
  stop_on_windows()
  way <- found_way(from, with)
  if (is.null(way)) way <- install_way(from, with, ask)
  launch(way, timeout)
  say("started ", way$label, " at ", server$address, "; it ends with this R session or secant_stop()")
  invisible(use_server())
}

#' @rdname secant_start
#' @export
secant_stop <- function() {
  stopped <- runs()
  end_server(wait = TRUE)
  ours <- !is.null(server$connection) && identical(getOption("secant.connection"), server$connection)
  if (ours) options(secant.connection = server$before)
  rm(list = ls(server), envir = server)
  invisible(stopped)
}

#' @rdname secant_start
#' @export
secant_install <- function(from = NULL, with = NULL, ask = NULL) {
  stop_on_windows()
  invisible(install_way(from, with, ask)$command)
}

# The server needs signals and forks.
stop_on_windows <- function() {
  if (.Platform$OS.type == "windows") {
    stop_no_server("the server runs on Linux and macOS, on Windows in WSL or a container\n", advice_address())
  }
}

# The server of this session: log, watcher (a process), owner (the process of R), address, connection, before (the default
# connection before it).
server <- new.env(parent = emptyenv())

say <- function(...) message("secant: ", ...)

stop_no_server <- function(...) {
  facts <- list(reason = "NO_SERVER", metadata = character(), field = "", retry_after = NULL)
  stop(condition_of("UNAVAILABLE", paste0(...), facts))
}

# Whether the server of this session runs.
runs <- function() {
  !is.null(server$address) && identical(server$owner, Sys.getpid()) && file.exists(watch_file(server$log))
}

watch_file <- function(log) paste0(log, ".pid")

use_server <- function() {
  options(secant.connection = server$connection)
  server$connection
}

# Variables of R or of this client. R's LD_LIBRARY_PATH breaks the ssl of some Pythons.
NOT_FOR_PYTHON <- c("LD_LIBRARY_PATH", "SECANT_SERVER", "SECANT_TOKEN")

without_ours <- function() paste("env", paste("-u", NOT_FOR_PYTHON, collapse = " "))

# Starts a server and waits until it listens.
launch <- function(way, timeout) {
  secant_stop()
  server$log <- tempfile("secantd-", fileext = ".log")
  server$owner <- Sys.getpid()
  server$before <- getOption("secant.connection")
  file.create(server$log)
  watch <- system.file("server", "watch.sh", package = "secant", mustWork = TRUE)
  command <- paste(shQuote(c(way$command, way$flags)), collapse = " ")
  line <- paste(without_ours(), "sh", shQuote(watch), server$owner, shQuote(server$log), command,
                "> /dev/null 2>&1 < /dev/null & :")
  # The environment lives as long as the package, so one finalizer is for all of its servers.
  if (!finalized$yes) reg.finalizer(server, function(e) end_server(wait = FALSE), onexit = TRUE)
  finalized$yes <- TRUE
  # With a timeout R gives the command a process group of its own, so that Ctrl-C in R does not reach the server.
  system(line, timeout = 60)
  until <- now() + timeout
  repeat {
    printed <- readLines(server$log, warn = FALSE)
    address <- address_in(printed, way$address)
    if (length(address)) break
    # The last words come before the sign of the end.
    ended <- file.exists(paste0(server$log, ".end"))
    if (ended) printed <- readLines(server$log, warn = FALSE)
    if (ended || now() > until) {
      end_server(wait = FALSE)
      what <- if (ended) " ended before it listened" else sprintf(" did not listen within %g s", timeout)
      stop_no_server(way$label, what, ":\n", paste0("  ", utils::tail(printed, 15L), collapse = "\n"), way$again)
    }
    Sys.sleep(0.05)
  }
  server$address <- address[[1L]]
  server$connection <- secant_connect(server$address, token = NULL, timeout = 60, default = FALSE)
}

# The address at which a server listens, by what it printed; in a container that is the inner one, so the server is asked.
address_in <- function(printed, published) {
  if (is.null(published)) return(sub("^listening on ", "", grep("^listening on ", printed, value = TRUE)))
  if (secant_available(secant_connect(published, token = NULL, default = FALSE))) published
}

finalized <- new.env(parent = emptyenv())
finalized$yes <- FALSE

# Asks the watcher to stop the server, and waits until both have ended. A fork of R does not own the server.
end_server <- function(wait) {
  if (is.null(server$log) || !identical(server$owner, Sys.getpid())) return(invisible())
  file <- watch_file(server$log)
  if (!file.exists(file)) return(invisible())
  watcher <- suppressWarnings(as.integer(readLines(file, warn = FALSE)))
  if (length(watcher) == 1L && !is.na(watcher)) tools::pskill(watcher, tools::SIGTERM)
  until <- now() + if (wait) 10 else 0
  while (file.exists(file) && now() < until) Sys.sleep(0.02)
}

# Whether a connection is that of a server that this session started and that is gone.
ended_before <- function(connection) identical(connection$target, server$address) && !runs()
