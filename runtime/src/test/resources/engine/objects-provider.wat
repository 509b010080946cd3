;; Gives structures to another module (GuestObjectsTest).
;; wasm-tools parse objects-provider.wat | wasm-tools strip --all -o objects-provider.wasm
(module
  (type $other (struct (field f64) (field i32)))
  (type $point (sub (struct (field $x (mut i32)))))
  (global $shared (export "shared") (ref $point) (struct.new $point (i32.const 5)))
  (func (export "make") (param i32) (result (ref $point)) (struct.new $point (local.get 0)))
  (func (export "other") (result (ref any)) (struct.new_default $other))
  (func (export "read") (result i32) (struct.get $point $x (global.get $shared))))
