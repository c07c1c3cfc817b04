# Programs that behave like secantd, uv, pipx, python3 and docker as far as secant_start() sees them: these tests install nothing.

on_unix <- function() if (.Platform$OS.type != "unix") skip("secant_start() runs on Unix")

program <- function(folder, name, ...) {
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  file <- file.path(folder, name)
  writeLines(c("#!/bin/sh", ...), file)
  Sys.chmod(file, "755")
  file
}

# It listens nowhere; its number is in a file.
SECANTD <- c('case "$*" in *--version) echo "secantd 0.1.0"; exit ;; esac', 'echo "$@" > "$PLACE/flags"; echo $$ > "$PLACE/pid"; echo "listening on 127.0.0.1:9"', "exec sleep 60")

# Runs code without a server, with only these programs on the search path, and with a cache of its own.
without_server <- function(code) {
  on_unix()
  place <- tempfile("place")
  bin <- file.path(place, "bin")
  for (tool in c("sh", "sleep", "env", "cat", "rm", "mkdir", "cp", "chmod")) {
    dir.create(bin, recursive = TRUE, showWarnings = FALSE)
    file.symlink(Sys.which(tool), file.path(bin, tool))
  }
  before <- Sys.getenv(c("PATH", "HOME", "R_USER_CACHE_DIR", "SECANT_SERVER", "R_SECANT_FROM", "PLACE"), NA)
  options <- options(secant.connection = NULL, secant.ask = NULL, secant.from = NULL, secant.python = NULL)
  on.exit({
    secant_stop()
    do.call(Sys.setenv, as.list(before[!is.na(before)]))
    Sys.unsetenv(names(before)[is.na(before)])
    options(options)
    unlink(place, recursive = TRUE)
  })
  Sys.setenv(PATH = bin, HOME = place, R_USER_CACHE_DIR = file.path(place, "cache"), SECANT_SERVER = "127.0.0.1:1", PLACE = place)
  code(bin, place)
}

pid_in <- function(place) as.integer(readLines(file.path(place, "pid")))

alive <- function(pid) tools::pskill(pid, 0L)

test_that("secant_start() starts the secantd on the search path, once, and secant_stop() ends it", {
  without_server(function(bin, place) {
    program(bin, "secantd", SECANTD)
    expect_message(connection <- secant_start(), "started .*secantd at 127.0.0.1:9; it ends with this R session")
    expect_identical(connection$target, "127.0.0.1:9")
    expect_identical(getOption("secant.connection")$target, "127.0.0.1:9")
    expect_match(readLines(file.path(place, "flags")), "--listen 127.0.0.1:0")
    pid <- pid_in(place)
    expect_message(secant_start(), "the server of this session answers at 127.0.0.1:9")
    expect_identical(pid_in(place), pid)
    expect_true(alive(pid))
    expect_true(secant_stop())
    expect_false(eventually(function() !alive(pid), 30) && alive(pid))
    expect_null(getOption("secant.connection"))
    expect_false(secant_stop())
    expect_error(sec_describe(), "run secant_start\\(\\)", class = "secant_unavailable")
  })
})

test_that("a server that ends is noticed, and its last words are in the message", {
  without_server(function(bin, place) {
    program(bin, "secantd", "echo 'secantd: SECANT_COLOUR is not a setting'; exit 2")
    expect_error(secant_start(), "ended before it listened:\n  secantd: SECANT_COLOUR is not a setting", class = "secant_no_server")
    program(bin, "secantd", SECANTD)
    suppressMessages(secant_start())
    tools::pskill(pid_in(place), tools::SIGKILL)
    expect_true(eventually(function() !runs(), 30))
    expect_error(sec_describe(), "the server of this session has ended", class = "secant_unavailable")
  })
})

test_that("the server of an R that is killed ends", {
  without_server(function(bin, place) {
    program(bin, "secantd", SECANTD)
    r <- file.path(R.home("bin"), "Rscript")
    code <- "suppressMessages(secant::secant_start()); cat(Sys.getpid(), file = file.path(Sys.getenv('PLACE'), 'r')); Sys.sleep(60)"
    Sys.setenv(PATH = paste0(bin, ":/usr/bin:/bin"))
    system(paste(shQuote(r), "--vanilla -e", shQuote(code), "> /dev/null 2>&1 &"))
    expect_true(eventually(function() length(tryCatch(readLines(file.path(place, "r"), warn = FALSE), warning = function(w) NULL)) > 0L, 60))
    server <- pid_in(place)
    expect_true(alive(server))
    tools::pskill(as.integer(readLines(file.path(place, "r"), warn = FALSE)), tools::SIGKILL)
    expect_true(eventually(function() !alive(server), 30))
  })
})

test_that("without a program to install with, the error says what to install", {
  without_server(function(bin, place) {
    expect_error(secant_start(), "nothing to install one with\n.*ython.*secant_connect", class = "secant_no_server")
    expect_error(secant_start(with = "uv"), "there is no uv on the search path", class = "secant_no_server")
    expect_error(secant_start(with = "conda"), "with must be one of secantd, uv", class = "secant_invalid_value")
    expect_error(secant_start(from = "/no/such/secantd"), "no file or folder /no/such/secantd", class = "secant_invalid_value")
    expect_error(secant_start(from = place), "has no pyproject.toml", class = "secant_invalid_value")
  })
})

# A python3 whose virtual environments contain this secantd.
python_with <- function(bin) {
  program(file.path(bin, "..", "inside"), "secantd", SECANTD)
  program(file.path(bin, "..", "inside"), "python", 'echo "$@" > "$PLACE/pip"; cp "$PLACE/inside/secantd" "${0%/*}/secantd"')
  program(bin, "python3", 'case "$1" in -c) exit 0 ;; esac', 'mkdir -p "$3/bin"; cp "$PLACE/inside/python" "$3/bin/python"')
}

test_that("nothing is installed unasked: R asks once, and without a user it installs only what it is told to", {
  without_server(function(bin, place) {
    python_with(bin)
    asked <- 0
    before <- as.list(asks)
    on.exit(list2env(before, asks))
    asks$interactive <- function() FALSE
    expect_error(secant_start(), "secant_start\\(ask = FALSE\\) installs secant\\[local\\] with python3 and pip", class = "secant_no_server")
    asks$interactive <- function() TRUE
    asks$question <- function(what) {
      asked <<- asked + 1
      asked > 1
    }
    expect_error(secant_start(), "none was installed", class = "secant_no_server")
    expect_false(file.exists(file.path(place, "pip")))
    expect_message(secant_start(), "started .*/cache/R/secant/server/bin/secantd at 127.0.0.1:9")
    expect_match(readLines(file.path(place, "pip")), "install --quiet secant\\[local\\]$")
    secant_stop()
    unlink(file.path(place, "pip"))
    # The next session finds it.
    suppressMessages(secant_start())
    expect_identical(asked, 2)
    expect_false(file.exists(file.path(place, "pip")))
  })
})

test_that("a folder of sources or a wheel is installed with ask = FALSE, and a venv's folder is used as it is", {
  without_server(function(bin, place) {
    python_with(bin)
    sources <- file.path(place, "my secant")
    dir.create(sources)
    file.create(file.path(sources, "pyproject.toml"))
    expect_message(secant_start(from = sources, ask = FALSE), "installing secant\\[local\\] @ file://.*/my%20secant with python3")
    expect_match(readLines(file.path(place, "pip")), "secant\\[local\\] @ file:///.*/my%20secant$")
    secant_stop()
    expect_message(secant_start(from = venv_folder()), "started .*/server/bin/secantd at")
  })
})

test_that("an installation that fails shows what pip printed and leaves nothing behind", {
  without_server(function(bin, place) {
    python_with(bin)
    program(file.path(place, "inside"), "python", "echo 'ERROR: No matching distribution found for secant'; exit 1")
    expect_error(suppressMessages(secant_start(ask = FALSE)), "No matching distribution found", class = "secant_no_server")
    expect_false(dir.exists(venv_folder()))
    expect_null(read_record())
  })
})

test_that("uv, pipx and images of docker are used as they are documented", {
  without_server(function(bin, place) {
    for (name in c("uv", "pipx")) {
      program(bin, name, SECANTD)
      expect_message(secant_start(with = name, ask = FALSE), sprintf("started secantd by `%s", name))
      flags <- readLines(file.path(place, "flags"))
      expect_match(flags, if (name == "uv") "^tool run --from secant\\[local\\] secantd --listen" else "^run --spec secant\\[local\\] secantd --listen")
      secant_stop()
    }
    program(bin, "uv", "echo 'error: Failed to fetch: https://example.org/simple/secant/'; exit 1")
    expect_error(suppressMessages(secant_start(with = "uv", ask = FALSE)), "installation failed: .*Failed to fetch", class = "secant_no_server")
    expect_identical(read_record()$with, "pipx")
    program(bin, "docker", 'case "$1" in image) [ "$3" = secantd ]; exit ;; esac', SECANTD)
    expect_identical(installed_way("docker", "secantd")$command[-1L][1:4], c("run", "--rm", "--publish", sprintf("%s:50051", installed_way("docker", "secantd")$address)))
    expect_true(with_works("docker", "secantd"))
    expect_false(with_works("docker", "other"))
  })
})

test_that("a port that is sought leaves R's random numbers as they are", {
  set.seed(1)
  before <- .Random.seed
  expect_true(free_port() >= 49152L)
  expect_identical(.Random.seed, before)
})
