"""Write the cffi glue of the native library: `python ffi_build.py HEADER OUTPUT.c`.

The one header Python sees is `include/zk.h`; its declarations are read as they stand between the
two marker lines, so that C and Python can never disagree about a signature.
"""

from __future__ import annotations

import pathlib
import sys

from cffi import FFI

BEGIN = "/* --- cffi begin --- */"
END = "/* --- cffi end --- */"


def main(header: str, output: str) -> None:
    text = pathlib.Path(header).read_text(encoding="utf-8")
    ffi = FFI()
    ffi.cdef(text.split(BEGIN, 1)[1].split(END, 1)[0])
    ffi.set_source("native._zk", '#include "zk.h"')
    ffi.emit_c_code(output)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
