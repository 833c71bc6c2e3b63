"""What a message says under its disguise: look-alike letters, invisible ones, digits for letters, base64, backwards.

No disguise gets round the time-lock, since the graph that is asked holds nothing later; but a message that is read as
it was meant gets an answer, and not a shrug.
"""

import base64
import binascii
import re
import unicodedata

from kg.english import is_english

# Letters of other alphabets that look like a Latin one, by that one (Unicode's confusables, the single letters).
_LIKE = {
    "a": "аαа", "b": "Ьв", "c": "сϲ", "d": "ԁ", "e": "еёҽ", "g": "ɡ", "h": "һ", "i": "іιї", "j": "ј", "k": "кκ",
    "l": "ӏ", "m": "м", "n": "п", "o": "оοօ", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "т", "u": "υ", "v": "ѵν",
    "w": "ԝ", "x": "хχ", "y": "уγ", "z": "ᴢ",
    "A": "АΑ", "B": "ВΒ", "C": "С", "D": "Ꭰ", "E": "ЕΕ", "G": "Ԍ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ",
    "N": "Ν", "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "V": "Ѵ", "W": "Ԝ", "X": "ХΧ", "Y": "УΥ", "Z": "Ζ",
}  # fmt: skip
_LATIN = {ord(other): latin for latin, others in _LIKE.items() for other in others}
_LEET = str.maketrans("0134578", "oieastb")
_WORD = re.compile(r"\w+", re.UNICODE)
_CODED = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{20,}={0,2}(?![\w+/=])")
_MIXED = re.compile(r"\b(?=\w*[a-z])(?=\w*[013457])[a-z013457]{2,}\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\d+(?:st|nd|rd|th|s|am|pm|k|m|h)?", re.IGNORECASE)  # "3rd", "90s" are no disguise


def unmasked(message: str) -> str:
    r"""The message in plain letters; the same message where nothing is disguised.

    >>> unmasked("Wh\u200bo i\u200bs Nоrа?"), unmasked("wh0 15 y0ur 51573r"), unmasked("?retsis ruoy si ohw")
    ('Who is Nora?', 'who is your sister', 'who is your sister?')
    """
    text = unicodedata.normalize("NFKC", message)
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cf", "Cc", "Co", "Cn"})
    return _forwards(_digits(_decoded(_latin(text))))


def _latin(text: str) -> str:
    """Look-alike letters in a message that has Latin ones; Russian stays Russian."""
    words = _WORD.findall(text)
    ours = sum(any("a" <= c.lower() <= "z" for c in word) for word in words)
    if ours * 2 < len(words):
        return text
    return _WORD.sub(lambda match: _plain(match[0]), text)


def _plain(word: str) -> str:
    plain = word.translate(_LATIN)
    return plain if plain.isascii() else word


def _decoded(text: str) -> str:
    """Base64 that holds readable words stands for them, and all else in the message asks to decode it."""
    for match in _CODED.finditer(text):
        try:
            found = base64.b64decode(match[0] + "=" * (-len(match[0]) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if found.isprintable() and " " in found.strip():
            return found.strip()
    return text


def _digits(text: str) -> str:
    """Digits for letters, where several words have some: "wh0 15 y0ur 51573r"."""
    mixed = [word for word in _MIXED.findall(text) if not _NUMBERED.fullmatch(word)]
    if len(mixed) < 2 or len(mixed) * 3 < len(_WORD.findall(text)):
        return text
    return re.sub(r"\b[A-Za-z0134578]+\b", lambda match: match[0].translate(_LEET), text)


def _forwards(text: str) -> str:
    """A text, or its last part, that only reads as English from its end."""
    for start in (0, text.find(":") + 1):
        part = text[start:].strip()
        if len(_WORD.findall(part)) >= 4 and _english(part) <= 0.5 and _english(part[::-1]) >= 0.8:
            return part[::-1]
    return text


def _english(text: str) -> float:
    words = [word.lower() for word in _WORD.findall(text) if word.isalpha() and len(word) > 1]
    return sum(is_english(word) for word in words) / max(len(words), 1)
