;; A tail call into another instance, and back by the other one, whose types have other numbers.
(module
  (type $other (func (param f32)))
  (type $binary (func (param i32 i64) (result i64)))
  (import "provider" "table" (table 4 funcref))
  (elem (i32.const 1) func $back)
  (func $back (param $n i32) (param $acc i64) (result i64) (local i32)
    (return_call_indirect (type $binary) (local.get $n) (local.get $acc) (i32.const 0)))
  (func (export "count") (param i32) (result i64)
    (return_call_indirect (type $binary) (local.get 0) (i64.const 1000) (i32.const 0)))
  (func (export "wrong_type")
    (return_call_indirect (type $other) (f32.const 1) (i32.const 0))))
