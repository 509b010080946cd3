;; Resources that own one another: dropping the last calls each destructor from the one before.
(component
  (core module $late
    (type $drops (func (param i32)))
    (table (export "functions") 1 funcref)
    (func $dtor (export "dtor") (param i32)
      (call_indirect (type $drops) (local.get 0) (i32.const 0))))
  (core instance $late (instantiate $late))
  (type $r (resource (rep i32) (dtor (core func $late "dtor"))))
  (core func $new (canon resource.new $r))
  (core func $drop (canon resource.drop $r))
  (core module $code
    (import "" "functions" (table 1 funcref))
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (elem (i32.const 0) func $dtor)
    (func $dtor (param $owned i32)
      (if (local.get $owned) (then (call $drop (local.get $owned)))))
    (func (export "drop-all") (param $length i32) (local $last i32)
      (loop $again
        (local.set $last (call $new (local.get $last)))
        (br_if $again (local.tee $length (i32.sub (local.get $length) (i32.const 1)))))
      (call $drop (local.get $last))))
  (core instance $guest (instantiate $code (with "" (instance
    (export "functions" (table $late "functions"))
    (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "drop-all") (param "length" u32) (canon lift (core func $guest "drop-all"))))
