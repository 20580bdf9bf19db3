//! Pure rules over plain values: no I/O, no async, no clock; `now` is always an argument.
