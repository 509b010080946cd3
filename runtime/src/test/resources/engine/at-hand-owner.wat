;; Defines a memory, a table and a stack pointer, all of which at-hand.wat imports.
(module
  (type $value (func (result i32)))
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (global i64 (i64.const 3))
  (global $stack (export "global") (mut i32) (i32.const 1))
  (elem (i32.const 0) $get)
  (func $get (export "get") (type $value) (global.get $stack))
  (func (export "set") (param i32) (global.set $stack (local.get 0)))
  (func (export "call") (param i32) (result i32) (call_indirect (type $value) (local.get 0))))
