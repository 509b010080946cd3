;; Memory, table and stack pointer of others, not always of the same. Its type 0 is not the other's.
(module
  (type $unused (func (param f64)))
  (type $value (func (result i32)))
  (import "p" "memory" (memory 1))
  (import "p" "table" (table 1 funcref))
  (import "p" "global" (global $stack (mut i32)))
  (global $own (mut i32) (i32.const 77))
  (func (export "get") (type $value) (global.get $stack))
  (func (export "set") (param i32) (global.set $stack (local.get 0)))
  (func (export "own") (type $value) (global.get $own))
  (func (export "call") (param i32) (result i32) (call_indirect (type $value) (local.get 0))))
