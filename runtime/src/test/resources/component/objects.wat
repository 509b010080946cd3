;; A table and a global that refer to objects from the beginning, which no snapshot holds (ObjectsTest).
;; wasm-tools parse objects.wat | wasm-tools strip --all -o objects.wasm
(component
  (core module $M
    (global (export "small") (mut (ref i31)) (ref.i31 (i32.const 5)))
    (table (export "table") 2 (ref i31) (ref.i31 (i32.const 30))))
  (core instance $m (instantiate $M))
  (core module $User
    (import "" "table" (table 2 (ref i31)))
    (import "" "small" (global $small (mut (ref i31))))
    (func $sum (export "sum") (result i32)
      (i32.add
        (i31.get_u (global.get $small))
        (i32.add
          (i31.get_u (table.get 0 (i32.const 0)))
          (i31.get_u (table.get 0 (i32.const 1))))))
    (func (export "write") (result i32)
      (table.set 0 (i32.const 1) (ref.i31 (i32.const 400)))
      (global.set $small (ref.i31 (i32.const 1)))
      (call $sum)))
  (core instance $user (instantiate $User (with "" (instance $m))))
  (func (export "sum") (result u32) (canon lift (core func $user "sum")))
  (func (export "write") (result u32) (canon lift (core func $user "write"))))
