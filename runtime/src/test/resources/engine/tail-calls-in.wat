;; Its function in the table counts down by way of the next one there.
(module
  (type $binary (func (param i32 i64) (result i64)))
  (table (export "table") 4 4 funcref)
  (elem (i32.const 0) func $down)
  (func $down (param $n i32) (param $acc i64) (result i64) (local i64 i64)
    (if (i32.eqz (local.get $n)) (then (return (local.get $acc))))
    (return_call_indirect (type $binary)
      (i32.sub (local.get $n) (i32.const 1)) (i64.add (local.get $acc) (i64.const 1)) (i32.const 1))))
