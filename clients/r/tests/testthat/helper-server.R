# A server of the tests' own: started by the Python named in SECANT_PYTHON, or one that SECANT_SERVER names. Without
# either, tests that need a server are skipped.

servers <- new.env()
servers$pids <- integer()
reg.finalizer(servers, function(e) tools::pskill(e$pids, tools::SIGKILL), onexit = TRUE)

# Settings of the caller's own are not those of a test's server, and R's LD_LIBRARY_PATH breaks some Pythons' ssl.
UNSET <- "env -u LD_LIBRARY_PATH -u SECANT_PYTHON -u SECANT_SERVER -u SECANT_TOKEN -u SECANT_GOLDEN"

start_server <- function(..., listen = "127.0.0.1:0") {
  python <- Sys.getenv("SECANT_PYTHON")
  if (!nzchar(python)) skip("SECANT_PYTHON names no Python with a Secant server")
  out <- tempfile("server")
  command <- paste(UNSET, shQuote(python), "-m secantd --listen", listen, paste(shQuote(c(...)), collapse = " "),
                   "> ", shQuote(out), "2>&1 & echo $!")
  pid <- as.integer(system(command, intern = TRUE))
  servers$pids <- c(servers$pids, pid)
  until <- Sys.time() + 60
  while (!any(grepl("^listening on ", readLines(out, warn = FALSE)))) {
    if (Sys.time() > until || !tools::pskill(pid, 0L)) stop("no server: ", paste(readLines(out), collapse = "\n"))
    Sys.sleep(0.05)
  }
  address <- sub("^listening on ", "", grep("^listening on ", readLines(out, warn = FALSE), value = TRUE))
  list(pid = pid, address = address, log = function() readLines(out, warn = FALSE))
}

stop_server <- function(server, signal = tools::SIGKILL) {
  tools::pskill(server$pid, signal)
  until <- Sys.time() + 20
  while (tools::pskill(server$pid, 0L) && Sys.time() < until) Sys.sleep(0.02)
  servers$pids <- setdiff(servers$pids, server$pid)
}

# The connection that most tests share.
service <- function() {
  if (is.null(servers$connection)) {
    address <- Sys.getenv("SECANT_SERVER")
    if (!nzchar(address)) {
      servers$shared <- start_server("--log", "calls", "--seconds", "60")
      address <- servers$shared$address
    }
    servers$connection <- secant_connect(address, timeout = 60)
    # On a busy machine the server's processes take longer to start than a call waits. A long text goes to a process.
    long <- paste0("sin(x * ", 1:300, ")", collapse = " + ")
    until <- Sys.time() + 120
    while (Sys.time() < until && tryCatch({
      differentiate(long, c("x", "x", "x"), connection = servers$connection)
      FALSE
    }, secant_error = function(e) TRUE)) Sys.sleep(0.5)
    servers$methods <- describe()$methods
  }
  options(secant.connection = servers$connection)
  servers$connection
}

# A server newer or older than these tests may lack an rpc.
needs <- function(...) {
  service()
  missing <- setdiff(c(...), servers$methods)
  if (length(missing)) skip(paste("the server does not answer", toString(missing)))
}

# How many calls of Descend the shared server saw left by their caller.
left_alone <- function() {
  service()
  if (is.null(servers$shared)) skip("the server's log is not ours to read")
  sum(grepl("\"Descend\", \"code\": \"CANCELLED\"", servers$shared$log()))
}

# Waits until a condition holds.
eventually <- function(condition, seconds = 10) {
  until <- Sys.time() + seconds
  while (!condition() && Sys.time() < until) Sys.sleep(0.05)
  condition()
}

failure_of <- function(call) tryCatch({
  call
  NULL
}, error = identity)

# A connection whose every call gets this reply.
answering <- function(reply) {
  secant_connect("nowhere:1", transport = list(unary = function(...) reply), default = FALSE)
}
