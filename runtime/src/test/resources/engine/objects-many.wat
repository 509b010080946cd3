;; A table that would be filled with large arrays, one element segment at a time (GuestObjectsTest).
;; wasm-tools parse objects-many.wat | wasm-tools strip --all -o objects-many.wasm
(module
  (type $longs (array i64))
  (table 4 (ref null $longs) (array.new_default $longs (i32.const 100000)))
  (elem (i32.const 0) (ref $longs)
    (array.new_default $longs (i32.const 100000))
    (array.new_default $longs (i32.const 100000))
    (array.new_default $longs (i32.const 100000))))
