# Copies the contract, and what it needs of Google's, into inst/proto. Run from anywhere:
#   Rscript clients/r/tools/protos.R [FOLDER]
# Google's files come from the Python packages googleapis-common-protos and grpcio-tools of the project's
# environment, or of the Python named by SECANT_PYTHON; each keeps its licence in its head.

script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])
root <- normalizePath(file.path(dirname(script), "..", "..", ".."))
target <- c(commandArgs(trailingOnly = TRUE), file.path(root, "clients", "r", "inst", "proto"))[1]

copy <- function(from, files) {
  for (file in files) {
    to <- file.path(target, file)
    dir.create(dirname(to), recursive = TRUE, showWarnings = FALSE)
    if (!file.copy(file.path(from, file), to, overwrite = TRUE)) stop("cannot copy ", file, call. = FALSE)
  }
}

# The folder that holds google/...; R's LD_LIBRARY_PATH is not for another program.
folder_of <- function(module) {
  python <- Sys.getenv("SECANT_PYTHON", file.path(root, ".venv", "bin", "python"))
  code <- sprintf("import os, %s as m; print(list(m.__path__)[0])", module)
  path <- system2("env", c("-u", "LD_LIBRARY_PATH", python, "-c", shQuote(code)), stdout = TRUE)
  if (length(path) != 1L) stop("no Python package ", module, call. = FALSE)
  path
}

ours <- list.files(file.path(root, "protos"), "[.]proto$", recursive = TRUE)
stale <- setdiff(list.files(target, "^secant/.*[.]proto$", recursive = TRUE), ours)
unlink(file.path(target, stale))
copy(file.path(root, "protos"), ours)
copy(dirname(dirname(folder_of("google.rpc"))), file.path("google", "rpc", c("status.proto", "error_details.proto")))
copy(file.path(folder_of("grpc_tools"), "_proto"), file.path("google", "protobuf", c("any.proto", "duration.proto")))
