# The contract: messages by name, read once from the .proto files in the package.

protos <- new.env(parent = emptyenv())

# The descriptor of a message of secant.v1, such as "Column" or "EvaluateStreamRequest.Setup".
message_type <- function(name) {
  found <- protos[[name]]
  if (is.null(found)) {
    load_protos()
    full <- if (startsWith(name, "google.")) name else paste0("secant.v1.", name)
    found <- RProtoBuf::P(full)
    protos[[name]] <- found
  }
  found
}

load_protos <- function() {
  if (isTRUE(protos$loaded)) return()
  folder <- system.file("proto", package = "secant", mustWork = TRUE)
  files <- list.files(folder, "[.]proto$", recursive = TRUE)
  # RProtoBuf's pool is one for all packages; reading a file again does no harm.
  RProtoBuf::readProtoFiles2(files, protoPath = folder)
  protos$loaded <- TRUE
}

# A text field marked as UTF-8, which RProtoBuf does not do.
utf8 <- function(text) {
  Encoding(text) <- "UTF-8"
  text
}

