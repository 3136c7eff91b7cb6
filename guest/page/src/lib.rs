//! URL, charset and HTML facts of a web page. Bytes in, facts out; no I/O.
