"""Cards as files: JSON, PNG with the card in its text chunks, `.charx` (a zip). Read by content, never by name."""

import base64
import binascii
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kg.cards.forms import BOOK, TEXTS, as_v1, as_v2, as_v3, book_of, plain_book, version_of
from parsing.errors import BadFile, NotFound

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST = 64 * 2**20  # bytes of a file, and of what a zip unpacks to
LONGEST = 200_000  # characters of one text of a card
ENTRIES = 20_000  # of a lorebook
_CHUNKS = ("ccv3", "chara")  # readers prefer the first
_CARD = "card.json"


@dataclass(frozen=True)
class CardFile:
    """A card or a lorebook as it was read: the JSON document untouched, and what came with it."""

    document: dict[str, Any]
    picture: bytes = b""  # the PNG it lay in
    assets: Mapping[str, bytes] = field(default_factory=dict)  # the other files of a .charx, by path


def read_card(path: Path) -> CardFile:
    """Read a card or lorebook file.

    Raises:
        NotFound: there is none.
        BadFile: it is too large, damaged, holds no card, or a text of it is too long; the message says which.

    """
    if not path.is_file():
        raise NotFound(f"no file {path}: expected a character card or a lorebook (PNG, JSON or .charx)")
    if path.stat().st_size > LARGEST:
        raise BadFile(f"{path}: has {path.stat().st_size:,} bytes; at most {LARGEST:,} are read")
    try:
        return parse_card(path.read_bytes())
    except BadFile as error:
        raise BadFile(f"{path}: {error}") from None


def parse_card(data: bytes) -> CardFile:
    """The same from bytes."""
    if data.startswith(SIGNATURE):
        card = CardFile(_from_png(data), picture=data)
    elif data.startswith(b"PK"):
        card = _from_zip(data)
    else:
        card = CardFile(_json(data, "the file"))
    _check(card.document)
    return card


def write_json(card: CardFile) -> bytes:
    """The document as it is, indented."""
    return (json.dumps(card.document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def write_png(card: CardFile) -> bytes:
    """The picture with the card as V3 in `ccv3` and as V2 in `chara`; other chunks stay as they are.

    The chunks stand before the image data, where every reader looks, and V2 has the six texts of V1 beside its `data`,
    so that readers which know V1 alone find them (checked with aichar 1.0.5).
    """
    if not card.picture.startswith(SIGNATURE):
        raise BadFile("a card needs a PNG picture to be written into one")
    v3 = as_v3(card.document)
    v2 = as_v1(v3) | as_v2(v3)
    if isinstance(v2["data"].get("character_book"), dict):
        v2 = {**v2, "data": {**v2["data"], "character_book": plain_book(v2["data"]["character_book"])}}
    texts = {"chara": v2, "ccv3": v3}
    chunks = [(kind, body) for kind, body in _chunks(card.picture) if not _is_card(kind, body)]
    made = [(b"tEXt", name.encode() + b"\0" + _packed(document)) for name, document in texts.items()]
    return SIGNATURE + b"".join(_chunk(kind, body) for kind, body in [*chunks[:1], *made, *chunks[1:]])


def write_charx(card: CardFile) -> bytes:
    """A zip with `card.json` at its root, the picture as its icon, and the assets; equal cards give equal bytes."""
    document, assets = as_v3(card.document), dict(card.assets)
    if card.picture:
        path = "assets/icon/image/main.png"
        assets.setdefault(path, card.picture)
        icon = {
            "type": "icon",
            "uri": f"embeded://{path}",
            "name": "main",
            "ext": "png",
        }  # the specification's spelling
        others = [a for a in document["data"].get("assets") or () if a.get("uri") not in {"ccdefault:", icon["uri"]}]
        document = {**document, "data": {**document["data"], "assets": [icon, *others]}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in [(_CARD, write_json(replace(card, document=document))), *sorted(assets.items())]:
            entry = zipfile.ZipInfo(name)  # dated 1980, the earliest that a zip can say
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, body)
    return out.getvalue()


# --- PNG (https://www.w3.org/TR/png-3/)


def _from_png(data: bytes) -> dict[str, Any]:
    texts: dict[str, bytes] = {}
    for kind, body in _chunks(data):
        if kind == b"tEXt":
            name, _, text = body.partition(b"\0")
            texts.setdefault(name.decode("latin-1").lower(), text)
    found = next((name for name in _CHUNKS if name in texts), None)
    if found is None:
        raise BadFile("a picture without a character card: it has no text chunk 'ccv3' or 'chara'")
    try:
        packed = base64.b64decode(b"".join(texts[found].split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadFile(f"its text chunk '{found}' is no base64 ({error})") from None
    return _json(packed, f"the text chunk '{found}'")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, body) of each chunk up to IEND. Raises `BadFile` where the file is cut off or a checksum is wrong."""
    at = len(SIGNATURE)
    while at < len(data):
        if at + 12 > len(data):
            break
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if len(body) < size or at + 12 + size > len(data):
            break
        (checksum,) = struct.unpack(">I", data[at + 8 + size : at + 12 + size])
        if checksum != zlib.crc32(kind + body):
            raise BadFile(f"a damaged PNG: the checksum of its chunk {kind.decode('latin-1')!r} is wrong")
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + size
    raise BadFile("a PNG that is cut off: its end is missing")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _is_card(kind: bytes, body: bytes) -> bool:
    return kind == b"tEXt" and body.partition(b"\0")[0].decode("latin-1").lower() in _CHUNKS


def _packed(document: Mapping[str, Any]) -> bytes:
    return base64.b64encode(json.dumps(document, ensure_ascii=False).encode("utf-8"))


# --- zip and JSON


def _from_zip(data: bytes) -> CardFile:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise BadFile(f"a zip that unpacks to more than {LARGEST:,} bytes")
            files = {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadFile(f"not a readable .charx: {error}") from None
    if _CARD not in files:
        raise BadFile(f"a zip without {_CARD} at its root, so it's no .charx")
    return CardFile(_json(files.pop(_CARD), _CARD), assets=files)


def _json(data: bytes, where: str) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadFile(f"{where} holds no JSON ({error})") from None
    if not isinstance(document, dict):
        raise BadFile(f"{where} holds a JSON {type(document).__name__}, expected an object")
    return document


def _check(document: dict[str, Any]) -> None:
    """Is it of a known form, with texts where texts belong, none too long? Raises `BadFile`."""
    book = book_of(document)
    if version_of(document) != BOOK:
        data = as_v3(document)["data"]
        _check_texts(((name, data[name]) for name in (*TEXTS, "system_prompt", "post_history_instructions")), "")
        if not data["name"].strip():
            raise BadFile("a character card without a name")
    entries = book["entries"] if book else []
    if len(entries) > ENTRIES:
        raise BadFile(f"a lorebook of {len(entries):,} entries; at most {ENTRIES:,} are read")
    for n, entry in enumerate(entries):
        _check_texts((("content", entry["content"]),), f"entry {n} of the lorebook: ")
        for kind in ("keys", "secondary_keys"):
            keys = entry.get(kind) or []
            if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
                raise BadFile(f"entry {n} of the lorebook: its {kind} must be a list of texts")


def _check_texts(texts: Iterable[tuple[str, Any]], where: str) -> None:
    for name, text in texts:
        if not isinstance(text, str):
            raise BadFile(f"{where}'{name}' must be a text, found {type(text).__name__}")
        if len(text) > LONGEST:
            raise BadFile(f"{where}'{name}' has {len(text):,} characters; at most {LONGEST:,} are read")
