"""String similarity, spell suggestion and web fetching in one sandboxed WebAssembly component."""
