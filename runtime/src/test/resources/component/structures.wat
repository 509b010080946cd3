;; Structures that are reachable from the beginning, which each instance has its own of (ObjectsTest).
;; wasm-tools parse structures.wat | wasm-tools strip --all -o structures.wasm
(component
  (core module $M
    (type $cell (struct (field $n (mut i32))))
    (type $cells (array (mut (ref null $cell))))
    (global $one (ref $cell) (struct.new $cell (i32.const 1)))
    (table $t 1 (ref null $cell) (struct.new $cell (i32.const 10)))
    (elem $e (ref $cell) (struct.new $cell (i32.const 100)))
    (func $of-segment (result (ref null $cell))
      (array.get $cells (array.new_elem $cells $e (i32.const 0) (i32.const 1)) (i32.const 0)))
    (func $up (param $c (ref null $cell)) (result i32)
      (struct.set $cell $n (local.get $c)
        (i32.add (struct.get $cell $n (local.get $c)) (i32.const 1)))
      (struct.get $cell $n (local.get $c)))
    (func (export "up") (result i32)
      (i32.add (call $up (global.get $one))
        (i32.add (call $up (table.get $t (i32.const 0))) (call $up (call $of-segment))))))
  (core instance $m (instantiate $M))
  (func (export "up") (result u32) (canon lift (core func $m "up"))))
