"""Tables saved by R (`.rda`, `.RData`): one row an utterance, columns named by the manifest (`ColumnMap`)."""

import warnings
from collections.abc import Mapping
from typing import Any

from parsing.errors import BadFile, BadManifest
from parsing.readers import Block
from parsing.readers.columns import blocks_of


def read(data: bytes, options: Mapping[str, Any], name: str) -> list[Block]:
    """Blocks of a table; `options` are those of `ColumnMap` plus `table` (the R object's name) and `encoding`.

    `encoding` is that of strings that don't say theirs (default UTF-8). Raises `BadFile` for a broken file, `BadFile`
    for a missing object or column.
    """
    values = dict(options)
    table = r_object(data, values.pop("table", ""), values.pop("encoding", "utf-8"), name)
    if not hasattr(table, "columns"):
        raise BadFile(
            f"{name}: the R object is a {type(table).__name__}, expected a data frame (rdata_script reads text)"
        )
    return blocks_of(table, values, name)


def r_objects(data: bytes, encoding: str, name: str) -> dict[str, Any]:
    """All objects of an R file. Raises `BadFile`."""
    import rdata

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rdata warns that a tibble is read as a plain data frame
            objects = _converter(encoding).convert(rdata.parser.parse_data(data))
    except UnicodeDecodeError as error:
        raise BadFile(f"{name}: a string is no {encoding} text ({error.reason}); name its 'encoding'") from None
    except MemoryError:
        raise BadFile(f"{name}: no R data that can be read (it asks for more memory than there is)") from None
    except Exception as error:  # noqa: BLE001  (a damaged file can fail anywhere in the library)
        raise BadFile(f"{name}: no R data that can be read ({type(error).__name__}: {str(error)[:80]})") from None
    if not isinstance(objects, dict):
        raise BadFile(f"{name}: one unnamed R object (.rds), expected a file with named objects (.rda)")
    return objects


def _converter(encoding: str) -> Any:
    """The library's converter, but with text in arrays of objects.

    By itself it makes numpy arrays of fixed width, in which every cell takes the room of the longest: two gigabytes
    for a table of 67,000 lines, and most of the time that reading it takes.
    """
    import numpy as np
    from rdata.conversion import SimpleConverter
    from rdata.parser import RObject, RObjectType

    class Converter(SimpleConverter):
        def _convert_next(self, data: Any) -> Any:
            plain = isinstance(data, RObject) and data.info.type is RObjectType.STR and data.attributes is None
            if not plain:
                return super()._convert_next(data)
            strings = np.empty(len(data.value), dtype=object)
            strings[:] = [super(Converter, self)._convert_next(item) for item in data.value]
            self.references[id(data)] = strings
            return strings

    return Converter(default_encoding=encoding)


def has_bytes(thing: Any) -> bool:
    """Does a table or vector hold strings that the library couldn't decode?"""
    columns = [thing[c] for c in thing.columns] if hasattr(thing, "columns") else [thing]
    cells = (c.to_numpy() if hasattr(c, "to_numpy") else c for c in columns)
    kept = (c for c in cells if getattr(getattr(c, "dtype", None), "kind", "") in {"O", "S"})
    return any(isinstance(v, bytes) for c in kept for v in c.ravel().tolist())


def r_object(data: bytes, table: str, encoding: str, name: str) -> Any:
    """One object of an R file; the only one may go unnamed. Raises `BadFile`, or `BadManifest` where none is named."""
    objects = r_objects(data, encoding, name)
    if not table and len(objects) > 1:
        raise BadManifest(
            f"{name}: the reader needs the option 'table', an R object's name; it holds {', '.join(objects)}"
        )
    if table and table not in objects:
        raise BadFile(f"{name}: no object '{table}'; it holds {', '.join(objects)}")
    thing = objects[table] if table else next(iter(objects.values()), None)
    if has_bytes(thing):
        raise BadFile(f"{name}: a string is no {encoding} text; name its 'encoding' (cp1252 is frequent)")
    return thing
