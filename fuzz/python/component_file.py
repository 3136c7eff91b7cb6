"""Component files that someone tampered with: a component, or a typed error that says what is wrong with the bytes; never anything else."""

from __future__ import annotations

import driver
import wasmtime
from driver import Draw

with driver.instrumented():
    from likewise import component
    from likewise.component import binary
    from likewise.errors import ComponentFormatError, LikewiseError

#: Small components, one with an import and one with types of every kind.
TEXTS = (
    """(component
      (core module $m
        (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 1024)
        (func (export "f") (param i32 i32) (result i32) local.get 1))
      (core instance $i (instantiate $m))
      (type $r (record (field "x" string) (field "y" (list u8))))
      (export $s "s" (type $r))
      (func (export "f") (param "name" string) (result u32)
        (canon lift (core func $i "f") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))""",
    """(component
      (type $t (instance
        (type $e (enum "a" "b")) (export "e" (type $ex (eq $e)))
        (type $v (variant (case "one" u8) (case "two" string))) (export "v" (type $vx (eq $v)))
        (type $o (option $vx)) (type $p (result $o (error string)))
        (export "go" (func (param "a" $ex) (param "b" $p) (result (tuple u8 char))))
        (export "r" (type (sub resource)))))
      (import "test:test/host@1.0.0" (instance $host (type $t)))
      (export "test:test/again@1.0.0" (instance $host)))""",
)

#: Sections and numbers that mean something in the format.
TOKENS = (
    b"\0asm",
    b"\x0d\0\x01\0",
    b"\x01\0\0\0",
    b"\xff\xff\xff\xff\x0f",
    b"\x80" * 12,
    b"\x7f",
    b"\x0b",
    b"\x07",
    b"\x40",
    b"\x41",
    b"\x42",
)


def _seeds() -> tuple[bytes, ...]:
    return tuple(bytes(wasmtime.wat2wasm(text)) for text in TEXTS)


SEEDS = _seeds()


def check(draw: Draw) -> int:
    """Read one damaged component, and load it where it can be read."""
    data = draw.mangled(draw.pick(SEEDS) if draw.below(8) else draw.take(64), TOKENS)
    try:
        binary.read_world(data)
    except ComponentFormatError as error:
        assert str(error)
        return 1
    try:
        with component.load(data, imports={}, limits=component.Limits(memory=1 << 24, time=5)) as loaded:
            assert isinstance(loaded.wit(), str)
    except LikewiseError as error:
        assert str(error)
    return 2


if __name__ == "__main__":
    driver.main(check)
