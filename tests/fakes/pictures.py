"""Pictures for tests: real PNG bytes, so that what judges files by their bytes and what shows them both agree."""

import math
import struct
import zlib


def png(width: int = 480, height: int = 320, hue: float = 0.58) -> bytes:
    """A landscape of soft hills; `hue` from 0 to 1 tells several apart."""
    rows = b"".join(b"\x00" + _row(y, width, height, hue) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    )


def _row(y: int, width: int, height: int, hue: float) -> bytes:
    line = bytearray()
    for x in range(0, width, 4):
        line += _colour(x / width, y / height, hue) * min(4, width - x)
    return bytes(line)


def _colour(x: float, y: float, hue: float) -> bytes:
    layer = sum(y > 0.45 + 0.16 * depth + 0.09 * math.sin(6 * x + 2.3 * depth) for depth in range(3))
    light = 0.86 - 0.17 * layer - 0.10 * y
    parts = (light + 0.12 * math.cos(2 * math.pi * (hue + third)) * (0.4 + 0.3 * layer) for third in (0, 2 / 3, 1 / 3))
    return bytes(max(0, min(255, round(255 * part))) for part in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
