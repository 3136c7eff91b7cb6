"""Components that do everything a component should not, in WebAssembly's text form.

`TEXT` is one component with an export for each misdeed. Those of `GARBAGE` return a value that is none of its type: the canonical ABI
has each of them end in a trap, and never in a read outside of the component's memory. Each is a WIT type and the words of four
bytes that the component leaves where the value should be; values of one word are returned as they are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import wasmtime

#: In the component's memory: text that is good, and bytes that are not UTF-8.
GOOD, BROKEN = 64, 96
#: An address that no memory has, one that is not aligned, and the last of all.
OUTSIDE, ODD, LAST = 0x7FFF_0000, 65, 0xFFFF_FFFF

GARBAGE: dict[str, tuple[str, list[int]]] = {
    "a text outside of the memory": ("string", [OUTSIDE, 4]),
    "a text that runs out of the memory": ("string", [GOOD, 0x10_0000]),
    "a text of four gigabytes": ("string", [GOOD, LAST]),
    "a text whose end wraps around": ("string", [LAST, 2]),
    "a text that is not UTF-8": ("string", [BROKEN, 4]),
    "a surrogate": ("char", [0xD800]),
    "a character beyond Unicode": ("char", [0x11_0000]),
    "an enum's case that is none": ('(enum "a" "b")', [2]),
    "an enum's case that is far from any": ('(enum "a" "b")', [LAST]),
    "an option that is neither": ("(option u32)", [7, 1]),
    "a result that is neither": ("(result u32 (error string))", [2, GOOD, 4]),
    "a variant's case that is none": ('(variant (case "a" u32) (case "b"))', [2, 0]),
    "a variant with a text outside": ('(variant (case "a" string) (case "b"))', [0, OUTSIDE, 4]),
    "bytes outside of the memory": ("(list u8)", [OUTSIDE, 4]),
    "no bytes, outside of the memory": ("(list u8)", [OUTSIDE, 0]),
    "four gigabytes of bytes": ("(list u8)", [0, LAST]),
    "numbers at an odd address": ("(list u64)", [ODD, 2]),
    "numbers whose size overflows": ("(list u64)", [0, 0x2000_0001]),
    "texts at an odd address": ("(list string)", [ODD, 2]),
    "texts beyond the memory": ("(list string)", [GOOD, 0x2000_0000]),
    "a record with a text outside": ('(record (field "n" u32) (field "t" string))', [1, OUTSIDE, 4]),
    "a tuple with a broken character": ("(tuple u32 char)", [1, 0xDFFF]),
    "a result at an odd address": ("(tuple u32 u32)", []),
    "a result outside of the memory": ("(tuple u32 u32 u32)", []),
}

#: What is no mistake, though it looks like one: the canonical ABI says what it means.
TOLERATED: dict[str, tuple[str, list[int], object]] = {
    "a bool that is 2": ("bool", [2], True),
    "a byte with more bits": ("u8", [0x1FF], 0xFF),
}

_FLAT = {"char", "bool", "u8", '(enum "a" "b")'}

_LIBC = """(core module $libc
    (memory (export "memory") 1)
    (data (i32.const 64) "good")
    (data (i32.const 96) "\\ff\\fe\\c0\\80")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $libc (instantiate $libc))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))"""


def returning(kind: str, words: list[int], name: str = "") -> str:
    """A component whose `give` returns these words as a value of this type, and whose `answer` is 42."""
    if kind in _FLAT:
        body = f"(i32.const {words[0]})"
    else:
        place = {"a result at an odd address": 513, "a result outside of the memory": OUTSIDE}.get(name, 512)
        stores = [f"(i32.store offset={4 * i} (i32.const 512) (i32.const {word}))" for i, word in enumerate(words)]
        body = f"{' '.join(stores)} (i32.const {place})"
    named = kind.startswith(("(enum", "(variant", "(record"))
    spelled = "$t" if named else kind
    declared = f'(type $d {kind}) (export $t "t" (type $d))' if named else ""
    return f"""(component
  {_LIBC}
  {declared}
  (core module $main
    (import "env" "memory" (memory 1))
    (func (export "give") (result i32) {body})
    (func (export "answer") (result i32) (i32.const 42)))
  (core instance $main (instantiate $main (with "env" (instance (export "memory" (memory $memory))))))
  (alias core export $main "give" (core func $give))
  (alias core export $main "answer" (core func $answer))
  (func (export "give") (result {spelled}) (canon lift (core func $give) (memory $memory) (realloc $realloc)))
  (func (export "answer") (result u32) (canon lift (core func $answer))))"""


#: A component that misbehaves while it runs. `mode` of `realloc` is a global: what becomes of an argument's memory.
TEXT = """(component
  (import "ping" (func $ping (param "n" u32) (result u32)))
  (core func $ping (canon lower (func $ping)))
  (core module $libc
    (import "env" "ping" (func $ping (param i32) (result i32)))
    (memory (export "memory") 1)
    (table $table (export "table") 1 funcref)
    (global $mode (mut i32) (i32.const 0))
    (global $calls (mut i32) (i32.const 0))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (if (i32.eq (global.get $mode) (i32.const 1)) (then (return (i32.const 0x7fff0000))))
      (if (i32.eq (global.get $mode) (i32.const 2)) (then (return (i32.const 1025))))
      (if (i32.eq (global.get $mode) (i32.const 3)) (then (unreachable)))
      (if (i32.eq (global.get $mode) (i32.const 4)) (then (loop $l (br $l))))
      (if (i32.eq (global.get $mode) (i32.const 5)) (then (drop (call $ping (i32.const 1)))))
      (if (i32.eq (global.get $mode) (i32.const 6)) (then (return (i32.const 0xffffffff))))
      (i32.const 1024))
    (func (export "set-mode") (param i32) (global.set $mode (local.get 0)))
    (func (export "calls") (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls))
    (func (export "spin") (loop $l (br $l)))
    (func $recurse (export "recurse") (param $n i32) (result i32)
      (i32.add (call $recurse (i32.add (local.get $n) (i32.const 1))) (i32.const 1)))
    (func (export "trap") (param $how i32) (result i32)
      (if (i32.eq (local.get $how) (i32.const 1)) (then (return (i32.div_s (i32.const 1) (i32.const 0)))))
      (if (i32.eq (local.get $how) (i32.const 2)) (then (return (i32.load (i32.const 0x7fff0000)))))
      (if (i32.eq (local.get $how) (i32.const 3)) (then (return (call_indirect (result i32) (i32.const 0)))))
      (if (i32.eq (local.get $how) (i32.const 4)) (then (return (call_indirect (result i32) (i32.const 99)))))
      (if (i32.eq (local.get $how) (i32.const 5)) (then (return (i32.trunc_f64_s (f64.const nan)))))
      (if (i32.eq (local.get $how) (i32.const 6)) (then (memory.fill (i32.const 0) (i32.const 0) (i32.const 0x7fffffff))))
      (unreachable))
    (func (export "grow-memory") (param $pages i32) (result i32) (local $n i32)
      (loop $more
        (if (i32.ge_s (memory.grow (local.get $pages)) (i32.const 0))
          (then (local.set $n (i32.add (local.get $n) (local.get $pages))) (br $more))))
      (local.get $n))
    (func (export "grow-table") (param $elements i32) (result i32) (local $n i32)
      (loop $more
        (if (i32.ge_s (table.grow $table (ref.null func) (local.get $elements)) (i32.const 0))
          (then (local.set $n (i32.add (local.get $n) (local.get $elements))) (br $more))))
      (local.get $n))
    (func (export "measure") (param i32 i32) (result i32) (local.get 1))
    (func (export "late") (result i32) (i32.const 1))
    (func (export "after") (param i32)
      (if (i32.eq (global.get $mode) (i32.const 5)) (then (drop (call $ping (i32.const 1)))))
      (if (i32.eq (global.get $mode) (i32.const 4)) (then (loop $l (br $l))))
      (if (i32.eq (global.get $mode) (i32.const 3)) (then (unreachable)))))
  (core instance $libc (instantiate $libc (with "env" (instance (export "ping" (func $ping))))))
  (alias core export $libc "memory" (core memory $memory))
  (alias core export $libc "realloc" (core func $realloc))
  (alias core export $libc "after" (core func $after))
  (func (export "set-mode") (param "mode" u32) (canon lift (core func $libc "set-mode")))
  (func (export "calls") (result u32) (canon lift (core func $libc "calls")))
  (func (export "spin") (canon lift (core func $libc "spin")))
  (func (export "recurse") (param "n" u32) (result u32) (canon lift (core func $libc "recurse")))
  (func (export "trap") (param "how" u32) (result u32) (canon lift (core func $libc "trap")))
  (func (export "grow-memory") (param "pages" u32) (result u32) (canon lift (core func $libc "grow-memory")))
  (func (export "grow-table") (param "elements" u32) (result u32) (canon lift (core func $libc "grow-table")))
  (func (export "measure") (param "text" string) (result u32)
    (canon lift (core func $libc "measure") (memory $memory) (realloc $realloc)))
  (func (export "late") (result u32) (canon lift (core func $libc "late") (post-return $after))))"""

#: A component that holds the host's objects and has objects of its own, and is careless with both.
HANDLES = """(component
  (import "host" (instance $host
    (export "thing" (type $thing (sub resource)))
    (export "make" (func (param "n" u32) (result (own $thing))))
    (export "use" (func (param "t" (borrow $thing)) (result u32)))))
  (alias export $host "thing" (type $thing))
  (core func $make (canon lower (func $host "make")))
  (core func $use (canon lower (func $host "use")))
  (core func $drop (canon resource.drop $thing))
  (core module $dtor
    (global $mode (mut i32) (i32.const 0))
    (func (export "set") (param i32) (global.set $mode (local.get 0)))
    (func (export "dtor") (param i32)
      (if (i32.eq (global.get $mode) (i32.const 1)) (then (unreachable)))
      (if (i32.eq (global.get $mode) (i32.const 2)) (then (loop $l (br $l))))))
  (core instance $dtor (instantiate $dtor))
  (alias core export $dtor "dtor" (core func $destroy))
  (type $own' (resource (rep i32) (dtor (core func $destroy))))
  (export $own "mine" (type $own'))
  (core func $new (canon resource.new $own'))
  (core func $rep (canon resource.rep $own'))
  (core func $drop-own (canon resource.drop $own'))
  (core module $main
    (import "env" "make" (func $make (param i32) (result i32)))
    (import "env" "use" (func $use (param i32) (result i32)))
    (import "env" "drop" (func $drop (param i32)))
    (import "env" "new" (func $new (param i32) (result i32)))
    (import "env" "rep" (func $rep (param i32) (result i32)))
    (import "env" "drop-own" (func $drop-own (param i32)))
    (func (export "leak") (param $n i32) (result i32)
      (loop $more
        (drop (call $make (local.get $n)))
        (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (i32.const 1))
    (func (export "drop-twice") (local $h i32)
      (local.set $h (call $make (i32.const 1)))
      (call $drop (local.get $h))
      (call $drop (local.get $h)))
    (func (export "use-dropped") (result i32) (local $h i32)
      (local.set $h (call $make (i32.const 1)))
      (call $drop (local.get $h))
      (call $use (local.get $h)))
    (func (export "forge") (param i32) (result i32) (call $use (local.get 0)))
    (func (export "confuse") (result i32) (call $use (call $new (i32.const 5))))
    (func (export "keep") (param i32))
    (func (export "give-forged") (param i32) (result i32) (local.get 0))
    (func (export "make-own") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "drop-own-twice") (local $h i32)
      (local.set $h (call $new (i32.const 1)))
      (call $drop-own (local.get $h))
      (call $drop-own (local.get $h)))
    (func (export "answer") (result i32) (i32.const 42)))
  (core instance $main (instantiate $main (with "env" (instance
    (export "make" (func $make)) (export "use" (func $use)) (export "drop" (func $drop))
    (export "new" (func $new)) (export "rep" (func $rep)) (export "drop-own" (func $drop-own))))))
  (func (export "leak") (param "n" u32) (result u32) (canon lift (core func $main "leak")))
  (func (export "drop-twice") (canon lift (core func $main "drop-twice")))
  (func (export "use-dropped") (result u32) (canon lift (core func $main "use-dropped")))
  (func (export "forge") (param "handle" u32) (result u32) (canon lift (core func $main "forge")))
  (func (export "confuse") (result u32) (canon lift (core func $main "confuse")))
  (func (export "keep") (param "t" (borrow $thing)) (canon lift (core func $main "keep")))
  (func (export "give-forged") (param "handle" u32) (result (own $own)) (canon lift (core func $main "give-forged")))
  (func (export "make-own") (param "n" u32) (result (own $own)) (canon lift (core func $main "make-own")))
  (func (export "drop-own-twice") (canon lift (core func $main "drop-own-twice")))
  (func (export "on-drop") (param "mode" u32) (canon lift (core func $dtor "set")))
  (func (export "answer") (result u32) (canon lift (core func $main "answer"))))"""


def starting(body: str) -> str:
    """A component that does `body` as it starts."""
    return f"""(component
  (core module $m (func $s {body}) (start $s) (func (export "answer") (result i32) (i32.const 42)))
  (core instance $i (instantiate $m))
  (func (export "answer") (result u32) (canon lift (core func $i "answer"))))"""


def nested_loops(depth: int, steps: int) -> str:
    """A component of so many bytes, roughly ten a step, that takes the compiler minutes: each step may lead to the beginning of any of the loops
    around it, and all have a thousand variables between them.
    """
    body = "".join(
        f"(br_if {i % depth} (local.tee {i % 1000} (i32.add (local.get {i * 7 % 1000}) (i32.const 1))))" for i in range(steps)
    )
    return f"""(component
  (core module $m (func (export "run") (param i32) (local {"i32 " * 1000}) {"(loop " * depth}{body}{")" * depth}))
  (core instance $i (instantiate $m))
  (func (export "run") (param "n" u32) (canon lift (core func $i "run"))))"""


def many_memories(count: int, pages: int) -> str:
    """A component with so many memories."""
    instances = "\n".join("(core instance (instantiate $m))" for _ in range(count))
    return f"""(component
  (core module $m (memory {pages}) (func (export "answer") (result i32) (i32.const 42)))
  {instances}
  (core instance $i (instantiate $m))
  (func (export "answer") (result u32) (canon lift (core func $i "answer"))))"""


#: Definitions of a core module of which each of its instances has a copy, though they are neither memory nor table: each is made `n` times.
HOARDS: dict[str, Callable[[int], str]] = {
    "globals": lambda n: "(global (mut i64) (i64.const 1))" * n,
    "globals of vectors": lambda n: "(global (mut v128) (v128.const i64x2 1 1))" * n,
    "globals of functions": lambda n: "(func)" * n + "".join(f"(global funcref (ref.func {i}))" for i in range(n)),
    "elements": lambda n: f"(func) (elem func {'0 ' * n})",
    "elements of their own": lambda n: "(func)" * n + f"(elem func {' '.join(map(str, range(n)))})",
    "small segments": lambda n: "(func)" + "(elem func 0)" * n,
    "empty segments": lambda n: "(elem func)" * n,
    "references": lambda n: (
        "(func)" * n
        + f"(elem declare func {' '.join(map(str, range(n)))})"
        + f"(func $start {''.join(f'(drop (ref.func {i}))' for i in range(n))}) (start $start)"
    ),
    "numbers as references": lambda n: f"(elem i31ref {'(item (ref.i31 (i32.const 1)))' * n})",
    "data": lambda n: '(data "")' * n,
    "tags": lambda n: "(tag)" * n,
    "imports": lambda n: "".join(f'(import "" "{i}" (func))' for i in range(n)),
}


def hoarding(kind: str, n: int, instances: int) -> str:
    """A component with so many instances of a core module, each of which has `n` of one of `HOARDS`."""
    exports = "".join(f'(export "{i}" (func 0))' for i in range(n * (kind == "imports")))
    return f"""(component
  (core module $s (func) {exports})
  (core instance $s (instantiate $s))
  (core module $m {HOARDS[kind](n)})
  {'(core instance (instantiate $m (with "" (instance $s))))' * instances}
  (core module $n (func (export "answer") (result i32) (i32.const 42)))
  (core instance $i (instantiate $n))
  (func (export "answer") (result u32) (canon lift (core func $i "answer"))))"""


def nested_lists(depth: int, length: int) -> str:
    """A component that returns a list of lists of lists, of which all that are of one depth are the same in memory: a few bytes of its
    own, and `length` to the power of `depth` for its host.
    """
    kind = "u8"
    for _ in range(depth):
        kind = f"(list {kind})"
    # A block of `length` pairs (address, length) for each depth but the last, all alike.
    stores = []
    start = 4096
    block = 8 * length
    fill = []
    for level in range(depth - 1):
        target = start + (level + 1) * block
        fill.append(
            f"""(local.set $p (i32.const {start + level * block}))
      (loop $l{level}
        (i32.store (local.get $p) (i32.const {target}))
        (i32.store offset=4 (local.get $p) (i32.const {length}))
        (local.set $p (i32.add (local.get $p) (i32.const 8)))
        (br_if $l{level} (i32.lt_u (local.get $p) (i32.const {start + (level + 1) * block}))))"""
        )
    stores = [f"(i32.store (i32.const 512) (i32.const {start}))", f"(i32.store offset=4 (i32.const 512) (i32.const {length}))"]
    pages = (start + depth * block) // 65536 + 2
    return f"""(component
  (core module $m
    (memory (export "memory") {pages})
    (func (export "give") (result i32) (local $p i32) {" ".join(fill)} {" ".join(stores)} (i32.const 512))
    (func (export "answer") (result i32) (i32.const 42)))
  (core instance $i (instantiate $m))
  (alias core export $i "memory" (core memory $memory))
  (func (export "give") (result {kind}) (canon lift (core func $i "give") (memory $memory)))
  (func (export "answer") (result u32) (canon lift (core func $i "answer"))))"""


@functools.cache
def binary(text: str) -> bytes:
    """A component from its text."""
    return bytes(wasmtime.wat2wasm(text))
