"""Run the tests of this folder with an extension that checks its memory and its arithmetic: ASan and UBSan.

Run: python tests/native/sanitize.py. Arguments go to pytest. It needs GCC or Clang with their sanitizers.
"""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FLAGS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer", "-g", "-O1"]


def main() -> int:
    build = [sys.executable, str(PROJECT / "hatch_build.py"), str(PROJECT / "build/native/sanitized"), *FLAGS]
    made = subprocess.run(build, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    library = subprocess.run(
        ["cc", "-print-file-name=libasan.so"], check=True, capture_output=True, text=True
    ).stdout.strip()
    environment = {
        **os.environ,
        # Python is built without them, so the library comes first; what Python keeps to its end is no leak.
        "LD_PRELOAD": library,
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",
        "SECANT_TEST_NATIVE": made,
    }
    folder = str(Path(__file__).parent)
    return subprocess.run([sys.executable, "-m", "pytest", "-q", folder, *sys.argv[1:]], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
