;; Takes another module's structures for what they are not (GuestObjectsTest).
;; wasm-tools parse objects-misuser.wat | wasm-tools strip --all -o objects-misuser.wasm
(module
  (type $point (sub (struct (field $x (mut i64)))))
  (import "provider" "make" (func $make (param i32) (result (ref $point)))))
