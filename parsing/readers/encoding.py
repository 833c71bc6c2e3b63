"""Bytes to text: the encoding the manifest names, or UTF-8, or what charset-normalizer tells (and that is reported)."""

from dataclasses import dataclass

from parsing.errors import BadFile

MAX_LINE = 1_000_000  # characters; the longest line of a real transcript has a few thousand
_LIKELY = ["cp1252", "cp1250", "cp1251", "koi8_r", "mac_cyrillic", "cp1253", "cp1254", "shift_jis", "gb18030", "euc_kr"]
_BINARY = {b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "a gzip archive", b"%PDF": "a PDF", b"\xd0\xcf\x11\xe0": "an "
           "old Office document", b"BZh": "a bzip2 archive", b"\xfd7zXZ": "an xz archive"}  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A file as text."""

    text: str
    encoding: str
    guessed: bool  # True where neither manifest, byte order mark nor UTF-8 told


def decode(data: bytes, name: str, encoding: str = "") -> Text:
    """`data` as text. Raises `BadFile`, naming the line, for bytes that don't fit, mixed encodings or no text."""
    for magic, what in _BINARY.items():
        if data.startswith(magic):
            raise BadFile(f"{name}, line 1: {what}, expected text")
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if not wide and b"\0" in data and not encoding.lower().replace("-", "").startswith(("utf16", "utf32")):
        raise BadFile(f"{name}, line {_line(data, data.index(0))}: a zero byte: a binary file, expected text")
    if encoding:
        return Text(_strict(data, name, encoding), encoding, False)
    if wide:
        return Text(_strict(data, name, "utf-16"), "utf-16", False)
    try:
        return Text(data.decode("utf-8-sig"), "utf-8", False)
    except UnicodeDecodeError as error:
        _refuse_mixture(data, name, error.start)
    return _guess(data, name)


def check_line(text: str, number: int, name: str) -> None:
    """Raises `BadFile` for a line that can't be one of a transcript."""
    if len(text) > MAX_LINE:
        raise BadFile(
            f"{name}, line {number}: {len(text):,} characters without a break, expected at most {MAX_LINE:,}: "
            "is this a transcript?"
        )


def _strict(data: bytes, name: str, encoding: str) -> str:
    try:
        text = data.decode("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)
    except LookupError:
        raise BadFile(f"{name}: there is no encoding '{encoding}'; expected one such as utf-8 or cp1252") from None
    except UnicodeDecodeError as error:
        byte = data[error.start] if error.start < len(data) else 0
        raise BadFile(f"{name}, line {_line(data, error.start)}: byte 0x{byte:02x} is no {encoding} text") from None
    return text


def _refuse_mixture(data: bytes, name: str, bad: int) -> None:
    """A file where some lines are UTF-8 beyond ASCII and others are none has two encodings."""
    for number, line in enumerate(data.splitlines(), 1):
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            raise BadFile(
                f"{name}, line {_line(data, bad)}: byte 0x{data[bad]:02x} is no UTF-8, which line {number} is: mixed "
                "encodings; name one as 'encoding' in [source.options], or mend the file"
            )


def _guess(data: bytes, name: str) -> Text:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_LIKELY).best()
    if best is None:
        raise BadFile(f"{name}: neither UTF-8 nor any other text; name its 'encoding' in [source.options]")
    return Text(str(best), best.encoding, True)


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
