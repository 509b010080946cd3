;; A constant expression that makes an array of two billion numbers (GuestObjectsTest).
;; wasm-tools parse objects-giant.wat | wasm-tools strip --all -o objects-giant.wasm
(module
  (type $longs (array i64))
  (global (ref $longs) (array.new_default $longs (i32.const 2000000000))))
