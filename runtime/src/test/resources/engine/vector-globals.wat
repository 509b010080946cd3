(module
  (global (export "global") (mut v128) (v128.const i64x2 5 6))
  (global (export "constant") v128 (v128.const i64x2 7 8)))
