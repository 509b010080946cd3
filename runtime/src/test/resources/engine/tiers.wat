;; Asks the host again and again: which machine runs shows in the host's stack.
(module
  (type $ask (func (param i32) (result i32)))
  (import "h" "host" (func $host (type $ask)))
  (memory 1)
  (global $count (mut i32) (i32.const 0))
  (table 2 funcref)
  (elem (i32.const 0) $ask $host)
  (func $ask (export "ask") (type $ask)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (call $host (local.get 0)))
  ;; directly, by way of the table, directly, and the host itself by way of the table
  (func (export "three") (result i32)
    (i32.add
      (i32.add (call $ask (i32.const 1)) (call_indirect (type $ask) (i32.const 2) (i32.const 0)))
      (i32.add (call $ask (i32.const 3)) (call_indirect (type $ask) (i32.const 4) (i32.const 1)))))
  (func (export "count") (result i32) (global.get $count))
  (func $deeper (export "deeper") (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0))
      (then (drop (call $ask (i32.const 0))) (unreachable))
      (else (call $deeper (i32.sub (local.get 0) (i32.const 1)))))))
