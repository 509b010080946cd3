;; Gives a function, a memory, a table and a global. Its type 0 is not user.wat's type 0.
(module
  (type $unused (func (param f64)))
  (type $add (func (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table (export "table") 4 funcref)
  (global (export "global") (mut i32) (i32.const 5))
  (elem (i32.const 0) $add)
  (func $add (export "add") (type $add) (i32.add (local.get 0) (local.get 1)))
  (func (export "call") (param i32) (result i32)
    (call_indirect (type $add) (i32.const 20) (i32.const 3) (local.get 0)))
  (func (export "peek") (param i32) (result i32) (i32.load (local.get 0))))
