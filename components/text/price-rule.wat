;; A plugin: the price of some pieces of an article, asked of the shop it runs in. From ten pieces on, one in ten is free.
(module
  (import "wattle:examples/catalogue@0.1.0" "price" (func $price (param $name i32) (param $length i32) (result i32)))
  (memory (export "memory") 1)
  (global $free (mut i32) (i32.const 1024))

  (func (export "total") (param $name i32) (param $length i32) (param $pieces i32) (result i32)
    (i32.mul
      (call $price (local.get $name) (local.get $length))
      (i32.sub (local.get $pieces) (i32.div_u (local.get $pieces) (i32.const 10)))))

  ;; What a faulty plugin does.
  (func (export "stuck")
    (loop $again (br $again)))

  ;; Where the host puts the article's name. Instances live for one call, so nothing is ever given back.
  (func (export "cabi_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $free))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at)))
