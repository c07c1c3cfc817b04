"""The Tesseract of tesseract_api.py, served without a container. Run: python -m bench.rivals.tesseract_server FOLDER"""

import os
import socket
import sys
from pathlib import Path

if __name__ == "__main__":
    os.environ["TESSERACT_API_PATH"] = str(Path(__file__).parent / "tesseract_api.py")
    # It makes a folder for each call.
    os.environ["TESSERACT_OUTPUT_PATH"] = sys.argv[1]
    from tesseract_core.runtime.serve import serve

    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    print(f"listening on http://127.0.0.1:{port}", flush=True)
    serve("127.0.0.1", port, 1)
