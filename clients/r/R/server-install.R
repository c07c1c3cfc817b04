# Where a server comes from: a list of `label`, `command` (how it is run, without flags), `flags`, and for a container `address`.

WAYS <- c("secantd", "uv", "pipx", "venv", "docker", "podman")

# Of one user, so a call may take longer than on a server that many share.
FLAGS <- c("--listen", "127.0.0.1:0", "--drain-pause", "0", "--seconds", "60")

# The port of a server in a container.
INNER_PORT <- 50051L

# The server that exists already; NULL if none does.
found_way <- function(from, with) {
  check_with(with)
  source <- origin_of(from)
  if (source$kind == "program") return(program_way(source$path))
  before <- read_record()
  # What was installed from elsewhere, or in another way, is not meant.
  same <- !is.null(before) && (is.null(with) || with == before$with) && (source$default || source$spec == before$from)
  if (source$default && (is.null(with) || with == "secantd")) {
    path <- program_named("secantd")
    if (nzchar(path)) return(program_way(path))
  }
  if (same && with_works(before$with, before$from)) return(installed_way(before$with, before$from))
  if (identical(with, "secantd")) {
    stop_no_server("there is no secantd on the search path; give its path: secant_start(from = \"/path/to/secantd\")")
  }
  NULL
}

check_with <- function(with) {
  if (!is.null(with) && (!is.character(with) || length(with) != 1L || !with %in% WAYS)) {
    stop_argument(sprintf("with must be one of %s; got %s", toString(WAYS), deparse_text(with)), "with")
  }
}

# The path of a program; "" if there is none. An R of a graphical desktop may lack the folders where uv and pip put programs.
program_named <- function(name) {
  path <- unname(Sys.which(name))
  if (nzchar(path)) return(path)
  others <- file.path(c(path.expand("~/.local/bin"), "/opt/homebrew/bin", "/usr/local/bin"), name)
  c(others[file.access(others, 1L) == 0L], "")[1L]
}

program_way <- function(path) list(label = path, command = path, flags = FLAGS)

# What `from` means: kind "program" with its path, or "source" with the requirement for pip.
origin_of <- function(from) {
  if (is.null(from)) from <- getOption("secant.from")
  if (is.null(from) && nzchar(Sys.getenv("R_SECANT_FROM"))) from <- Sys.getenv("R_SECANT_FROM")
  if (is.null(from)) return(list(kind = "source", spec = "secant[local]", default = TRUE))
  if (!is.character(from) || length(from) != 1L || is.na(from) || !nzchar(from)) {
    stop_argument("from must be the path of a secantd, a wheel or a folder, or a requirement such as \"secant[local]\"", "from")
  }
  if (!file.exists(from)) {
    if (grepl("^[.~/]|[.](whl|gz)$", from)) stop_argument(sprintf("there is no file or folder %s", from), "from")
    return(list(kind = "source", spec = from, default = FALSE))
  }
  path <- normalizePath(from)
  # A virtual environment.
  if (file.exists(file.path(path, "bin", "secantd"))) path <- file.path(path, "bin", "secantd")
  if (!dir.exists(path) && !grepl("[.](whl|tar[.]gz|zip)$", path)) {
    if (file.access(path, 1L) != 0L) stop_argument(sprintf("%s is no program and no wheel", path), "from")
    return(list(kind = "program", path = path))
  }
  if (dir.exists(path) && !file.exists(file.path(path, "pyproject.toml"))) {
    stop_argument(sprintf("%s has no pyproject.toml: give the top folder of the sources", path), "from")
  }
  list(kind = "source", spec = paste0("secant[local] @ file://", utils::URLencode(path)), default = FALSE)
}

# ---- installing

# Installs a server, after a question, and returns its way.
install_way <- function(from, with, ask) {
  check_with(with)
  source <- origin_of(from)
  if (source$kind == "program") return(program_way(source$path))
  with <- if (is.null(with)) Find(function(one) with_works(one, spec_of(one, source)), WAYS[-1L]) else with
  if (is.null(with)) stop_no_server("no Secant server is installed, and nothing to install one with\n", advice_python())
  spec <- spec_of(with, source)
  if (!with_works(with, spec)) stop_no_server(sprintf("cannot install a server with %s\n", with), advice_with(with, spec))
  ask_to_install(with, spec, ask)
  if (!with %in% CONTAINERS) say("this takes about a minute ...")
  way <- installed_way(with, spec)
  # The programs download what they need when they run secantd; a server that starts would be given up meanwhile.
  switch(with, venv = install_venv(spec), uv = , pipx = install_by(c(way$command, "--version")))
  write_record(with, spec)
  way
}

# What is installed: a requirement, or the name of an image.
spec_of <- function(with, source) if (source$default && with %in% CONTAINERS) "secantd" else source$spec

CONTAINERS <- c("docker", "podman")

# Whether a way can be used on this machine. Of images only those that are here: there is no public one.
with_works <- function(with, spec) {
  program <- program_named(with)
  switch(with, secantd = FALSE, venv = file.exists(venv_program()) || !is.null(python()),
         docker = , podman = nzchar(program) && run(program, c("image", "inspect", spec))$status == 0L, nzchar(program))
}

installed_way <- function(with, spec) {
  program <- program_named(with)
  switch(with,
    uv = list(label = sprintf("secantd by `uv tool run` (%s)", spec), flags = FLAGS,
              command = c(program, "tool", "run", "--from", spec, "secantd")),
    pipx = list(label = sprintf("secantd by `pipx run` (%s)", spec), flags = FLAGS,
                command = c(program, "run", "--spec", spec, "secantd")),
    venv = list(label = venv_program(), command = venv_program(), flags = FLAGS, again = "\nsecant_install() installs it again"),
    {
      port <- free_port()
      list(label = sprintf("a container of %s (%s)", with, spec), flags = character(), address = sprintf("127.0.0.1:%d", port),
           command = c(program, "run", "--rm", "--publish", sprintf("127.0.0.1:%d:%d", port, INNER_PORT), spec))
    }
  )
}

# A port of this machine that nobody listens on.
free_port <- function() {
  # Not at random: that would change the caller's random numbers.
  for (port in 49152L + (Sys.getpid() + 0:49) %% 16384L) {
    socket <- suppressWarnings(tryCatch(serverSocket(port), error = function(e) NULL))
    if (!is.null(socket)) {
      close(socket)
      return(port)
    }
  }
  stop_no_server("found no free port")
}

# Stops unless the user agrees.
ask_to_install <- function(with, spec, ask) {
  if (is.null(ask)) ask <- getOption("secant.ask", TRUE)
  where <- switch(with, venv = paste(" into", venv_folder()), uv = " into uv's cache", pipx = " into pipx's cache", "")
  what <- sprintf("%s with %s%s", spec, WITH[[with]], where)
  if (isFALSE(ask)) {
    say("installing ", what)
  } else if (!asks$interactive()) {
    stop_no_server("no Secant server is installed\n",
                   "secant_start(ask = FALSE) installs ", what)
  } else if (!isTRUE(asks$question(what))) {
    stop_no_server("no Secant server is installed, and none was installed\n", advice_address())
  }
}

WITH <- list(uv = "`uv tool run`", pipx = "`pipx run`", venv = "python3 and pip", docker = "docker", podman = "podman")

# Replaced by tests.
asks <- new.env(parent = emptyenv())
asks$interactive <- interactive
asks$question <- function(what) {
  say("no server is installed; this would install ", what)
  # A longer question does not fit on the line of a prompt.
  utils::askYesNo("Install it?")
}

advice_address <- function() "to use a server elsewhere, give its address: secant_connect(\"host:port\")"

advice_python <- function() {
  install <- if (file.exists("/etc/debian_version")) {
    "run `apt-get install python3-venv` as root"
  } else if (file.exists("/etc/redhat-release")) {
    "run `dnf install python3` as root"
  } else {
    "install Python 3.11 or newer, or uv (https://docs.astral.sh/uv)"
  }
  paste0(install, ", then secant_start() again; ", advice_address())
}

advice_with <- function(with, spec) {
  switch(with, venv = advice_python(), secantd = "secantd is a program: give its path as from",
         docker = , podman = sprintf("there is no %s that runs, or no image %s; from names another image", with, spec),
         sprintf("there is no %s on the search path", with))
}

# ---- a virtual environment

cache_folder <- function() tools::R_user_dir("secant", "cache")

venv_folder <- function() file.path(cache_folder(), "server")

venv_program <- function() file.path(venv_folder(), "bin", "secantd")

# A Python that can make a virtual environment; NULL if there is none. Debian's needs the package python3-venv.
python <- function() {
  code <- "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
  works <- function(path) nzchar(path) && identical(run(path, c("-c", code))$status, 0L)
  candidates <- c(getOption("secant.python"), vapply(c("python3", paste0("python3.", 14:11), "python"), program_named, ""))
  Find(works, unique(candidates))
}

# Runs a command that installs; stops with what it printed if it fails.
install_by <- function(command) {
  done <- run(command[1L], command[-1L])
  if (done$status == 0L) return(invisible())
  stop_no_server("the installation failed: ", paste(command, collapse = " "), "\n",
                 paste0("  ", utils::tail(done$output, 15L), collapse = "\n"))
}

install_venv <- function(spec) {
  folder <- venv_folder()
  made <- python()
  if (is.null(made)) stop_no_server("cannot install a server with venv\n", advice_python())
  unlink(folder, recursive = TRUE)
  dir.create(dirname(folder), recursive = TRUE, showWarnings = FALSE)
  whole <- FALSE
  on.exit(if (!whole) unlink(folder, recursive = TRUE))
  install_by(c(made, "-m", "venv", folder))
  install_by(c(file.path(folder, "bin", "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", spec))
  if (!file.exists(venv_program())) stop_no_server("the installation of ", spec, " has no secantd")
  whole <- TRUE
}

# Runs a program; its exit code and what it printed.
run <- function(program, arguments) {
  log <- tempfile("secant-run-")
  on.exit(unlink(log))
  line <- paste(without_ours(), paste(shQuote(c(program, arguments)), collapse = " "), ">", shQuote(log), "2>&1 < /dev/null")
  status <- system(line)
  list(status = as.integer(status), output = readLines(log, warn = FALSE))
}

# ---- what was installed before

record_file <- function() file.path(cache_folder(), "server.dcf")

read_record <- function() {
  if (!file.exists(record_file())) return(NULL)
  found <- tryCatch(as.list(read.dcf(record_file())[1L, ]), error = function(e) NULL)
  valid <- is.character(found$with) && found$with %in% WAYS && is.character(found$from)
  if (valid && (found$with != "venv" || file.exists(venv_program()))) found
}

write_record <- function(with, spec) {
  dir.create(cache_folder(), recursive = TRUE, showWarnings = FALSE)
  write.dcf(list(with = with, from = spec), record_file())
}
