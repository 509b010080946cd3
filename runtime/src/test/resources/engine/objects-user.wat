;; Uses the structures of another module by an equal type with another number (GuestObjectsTest).
;; wasm-tools parse objects-user.wat | wasm-tools strip --all -o objects-user.wasm
(module
  (type $point (sub (struct (field $x (mut i32)))))
  (import "provider" "make" (func $make (param i32) (result (ref $point))))
  (import "provider" "other" (func $other (result (ref any))))
  (import "provider" "shared" (global $shared (ref $point)))
  (func (export "write") (result i32)
    (struct.set $point $x (global.get $shared) (i32.const 6))
    (struct.get $point $x (call $make (i32.const 41))))
  (func (export "cast") (result i32)
    (struct.get $point $x (ref.cast (ref $point) (call $other)))))
