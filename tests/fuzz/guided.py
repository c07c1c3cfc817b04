"""Fuzzing guided by coverage, with atheris (extra `fuzz`): inputs that reach new lines of the service are varied further.

    python tests/fuzz/guided.py [-runs=N] [-max_total_time=SECONDS] [FOLDER]

The flags are libFuzzer's. FOLDER keeps the inputs found; without one they are dropped at the end. It begins with the
corpus and with inputs of inputs.py. The first byte of an input selects the target: 0 is the reader alone, as a
text, others to a method, as the bytes of a request. It ends at what crashes, or hangs on the event loop, and
writes that to the folder it was started in as METHOD-..., ready for tests/fuzz/corpus.
"""

import random
import signal
import sys
import tempfile
import warnings
from hashlib import sha256
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent))

with atheris.instrument_imports(include=["secantd"]):
    from found import CORPUS, OPEN
    from inputs import request, text
    from run import LIMITS, Hanging, alarm, attempt
    from secantd.answers.functions import FunctionCache
    from secantd.errors import CalculusError
    from secantd.language import read
    from secantd.transport.methods import METHODS

NAMES = sorted(METHODS)
SEEDS = 200
functions = FunctionCache(LIMITS, 64)


def one_input(raw: bytes) -> None:
    """Answer or refuse one input; anything else is raised."""
    if not raw:
        return
    number, rest = raw[0] % (len(NAMES) + 1), raw[1:]
    name = NAMES[number - 1] if number else "text"
    try:
        if number:
            attempt(name, rest, functions)
        else:
            parse(rest)
    except (Exception, Hanging):
        Path(f"{name}-{sha256(rest).hexdigest()[:12]}").write_bytes(rest)
        raise


def parse(raw: bytes) -> None:
    """Read a text: lexer, parser and interpreter."""
    try:
        read(raw.decode("utf-8", "replace"), limits=LIMITS)
    except CalculusError:
        return


def seeds(folder: Path) -> None:
    """Write what breeding begins with."""
    # What is open would end it at once.
    found = [(file.name.partition("-")[0], file.read_bytes()) for file in CORPUS if file.name not in OPEN]
    found += [request(random.Random(f"seed {i}")) for i in range(SEEDS)]
    inputs = [bytes([NAMES.index(name) + 1]) + raw for name, raw in found if name in NAMES]
    inputs += [b"\0" + text(random.Random(f"seed {i}")).encode() for i in range(SEEDS)]
    for i, each in enumerate(inputs):
        (folder / f"seed-{i}").write_bytes(each)


def main() -> None:
    """Vary inputs until the end set by libFuzzer's flags."""
    warnings.simplefilter("ignore")
    flags = [word for word in sys.argv[1:] if word.startswith("-")]
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(folders[0] if folders else made)
        folder.mkdir(parents=True, exist_ok=True)
        seeds(folder)
        # A hanging call is ended by run.py's alarm, long before libFuzzer's.
        atheris.Setup([sys.argv[0], "-timeout=600", "-max_len=400", *flags, str(folder)], one_input)
        signal.signal(signal.SIGPROF, alarm)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
