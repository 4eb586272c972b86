"""A block's ledger as bytes, for a file or for the way from another machine.

It is an Arrow stream, compressed by Zstandard, with one row for each array of the ledger (name,
dtype, shape, bytes); then come the 32 bytes of its SHA-256. Nothing is pickled, and nothing is read
before its digest is right.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields

import numpy as np
import pyarrow as pa

from workforce_sim.simulation.ledger import Ledger

_DIGEST = hashlib.sha256().digest_size
_SCHEMA = pa.schema(
    [
        ("array", pa.string()),
        ("dtype", pa.string()),
        ("shape", pa.list_(pa.int64())),
        ("bytes", pa.large_binary()),
    ]
)


class DamagedError(ValueError):
    """These are not the bytes of the block that was asked for."""


def pack(ledger: Ledger, run: str, block: range) -> bytes:
    """Return a block as bytes.

    Parameters
    ----------
    ledger : Ledger
    run : str
        Digest of the run's identity.
    block : range
        Numbers of the block's replications.
    """
    arrays = {field.name: getattr(ledger, field.name) for field in fields(ledger)}
    little = {name: a.astype(a.dtype.newbyteorder("<"), copy=False) for name, a in arrays.items()}
    rows = [list(little), *zip(*((a.dtype.str, a.shape) for a in little.values()), strict=True)]
    columns = [*rows, [a.tobytes() for a in little.values()]]
    batch = pa.record_batch(
        [pa.array(c, f.type) for c, f in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA
    )
    batch = batch.replace_schema_metadata(_label(run, block))
    stream = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", 1))
    with pa.ipc.new_stream(stream, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    content: bytes = stream.getvalue().to_pybytes()
    return content + hashlib.sha256(content).digest()


def unpack(content: bytes, run: str, block: range) -> Ledger:
    """Return the ledger of a block.

    Raises
    ------
    DamagedError
        If the bytes are cut short or altered, or belong to another block or run.
    """
    body, found = content[:-_DIGEST], content[-_DIGEST:]
    if hashlib.sha256(body).digest() != found:
        raise DamagedError("cut short or altered")
    with pa.ipc.open_stream(body) as reader:
        label = {k.decode(): v.decode() for k, v in (reader.schema.metadata or {}).items()}
        if label != _label(run, block):
            raise DamagedError("of another run or block")
        (batch,) = reader
    arrays = {
        row["array"]: np.frombuffer(row["bytes"], row["dtype"]).reshape(row["shape"])
        for row in batch.to_pylist()
    }
    return Ledger(**arrays)


def _label(run: str, block: range) -> dict[str, str]:
    return {"run": run, "first": str(block.start), "last": str(block.stop - 1)}
