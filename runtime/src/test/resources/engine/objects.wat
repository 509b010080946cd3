;; Structures and arrays: what they compute, and what they take of the store's limit (GuestObjectsTest).
;; wasm-tools parse objects.wat | wasm-tools strip --all -o objects.wasm
(module
  (rec
    (type $tree (sub (struct (field $left (mut (ref null $tree))) (field $right (mut (ref null $tree)))
                             (field $key (mut i32)))))
    (type $heavy (sub final $tree (struct (field (mut (ref null $tree))) (field (mut (ref null $tree)))
                                          (field (mut i32)) (field $weight (mut i64)) (field $half (mut i16))))))
  (type $list (struct (field $next (ref null $list)) (field $value i32)))
  (type $bytes (array (mut i8)))
  (type $longs (array (mut i64)))
  (type $any (array (mut anyref)))
  (rec
    (type $apply (func (param (ref $closure) i32) (result i32)))
    (type $closure (sub (struct (field $code (ref $apply))))))
  (type $adder (sub $closure (struct (field (ref $apply)) (field $by i32))))

  (memory 1)
  (global $all (export "all") (mut (ref null $list)) (ref.null $list))
  (global $kept (mut (ref null $any)) (ref.null $any))
  (global $first (ref $heavy)
    (struct.new $heavy (ref.null $tree) (ref.null $tree) (i32.const 7) (i64.const 1) (i32.const -1)))
  (table $trees 4 (ref null $tree) (struct.new $tree (ref.null $tree) (ref.null $tree) (i32.const 3)))
  (elem $segment (ref $tree) (global.get $first)
    (struct.new $tree (ref.null $tree) (ref.null $tree) (i32.const 11)))
  (elem declare func $add)
  (data $text "structures")

  ;; how many steps of garbage: a list of ten that is dropped, and an array
  (func (export "garbage") (param $steps i32)
    (local $i i32) (local $l (ref null $list))
    (loop $again
      (local.set $l (ref.null $list))
      (local.set $i (i32.const 10))
      (loop $ten
        (local.set $l (struct.new $list (local.get $l) (local.get $i)))
        (br_if $ten (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
      (drop (array.new_default $bytes (i32.const 5000)))
      (br_if $again (local.tee $steps (i32.sub (local.get $steps) (i32.const 1))))))

  ;; a list that nothing drops
  (func (export "endless")
    (loop $again
      (global.set $all (struct.new $list (global.get $all) (i32.const 1)))
      (br $again)))
  (func $more (export "more") (param $count i32) (result i32)
    (local $n i32) (local $l (ref null $list))
    (loop $again
      (global.set $all (struct.new $list (global.get $all) (i32.const 1)))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (local.set $l (global.get $all))
    (block $done
      (loop $count
        (local.set $n (i32.add (local.get $n) (struct.get $list $value (br_on_null $done (local.get $l)))))
        (local.set $l (struct.get $list $next (local.get $l)))
        (br $count)))
    (local.get $n))
  (func (export "drop") (global.set $all (ref.null $list)) (global.set $kept (ref.null $any)))

  ;; live arrays of numbers that are objects of Java
  (func (export "numbers") (param $length i32) (result i32)
    (local $i i32)
    (global.set $kept (array.new_default $any (local.get $length)))
    (loop $again
      (array.set $any (global.get $kept) (local.get $i) (ref.i31 (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (local.get $length))))
    (array.len (global.get $kept)))

  (func (export "giant") (param $length i32) (result i32)
    (array.len (array.new $longs (i64.const 1) (local.get $length))))
  (func (export "giant-default") (param $length i32) (result i32)
    (array.len (array.new_default $any (local.get $length))))
  (func (export "grow") (param $pages i32) (result i32) (memory.grow (local.get $pages)))

  ;; a tree of so many levels, its keys added up
  (func $grown (param $levels i32) (result (ref null $tree))
    (if (result (ref null $tree)) (local.get $levels)
      (then
        (struct.new $tree
          (call $grown (i32.sub (local.get $levels) (i32.const 1)))
          (call $grown (i32.sub (local.get $levels) (i32.const 1)))
          (local.get $levels)))
      (else (ref.null none))))
  (func $sum (param $t (ref null $tree)) (result i32)
    (if (result i32) (ref.is_null (local.get $t))
      (then (i32.const 0))
      (else
        (i32.add (struct.get $tree $key (local.get $t))
          (i32.add
            (call $sum (struct.get $tree $left (local.get $t)))
            (call $sum (struct.get $tree $right (local.get $t))))))))
  (func (export "tree") (param $levels i32) (result i32)
    (call $sum (call $grown (local.get $levels))))

  ;; a closure
  (func $add (type $apply)
    (i32.add (local.get 1) (struct.get $adder $by (ref.cast (ref $adder) (local.get 0)))))
  (func $call (param $c (ref $closure)) (param $x i32) (result i32)
    (call_ref $apply (local.get $c) (local.get $x) (struct.get $closure $code (local.get $c))))
  (func (export "closure") (param $by i32) (param $x i32) (result i32)
    (call $call (struct.new $adder (ref.func $add) (local.get $by)) (local.get $x)))

  ;; signs of packed fields, defaults, copies that overlap, segments
  (func (export "packed") (result i32)
    (i32.add
      (i32.mul (struct.get_s $heavy $half (global.get $first)) (i32.const 100000))
      (struct.get_u $heavy $half (global.get $first))))
  (func (export "bytes") (result i32)
    (local $b (ref $bytes))
    (local.set $b (array.new_data $bytes $text (i32.const 0) (i32.const 10)))
    (array.copy $bytes $bytes (local.get $b) (i32.const 1) (local.get $b) (i32.const 0) (i32.const 9))
    (array.fill $bytes (local.get $b) (i32.const 8) (i32.const 200) (i32.const 2))
    (i32.add
      (i32.mul (array.get_u $bytes (local.get $b) (i32.const 1)) (i32.const 1000))
      (array.get_s $bytes (local.get $b) (i32.const 9))))
  (func (export "segments") (result i32)
    (local $same i32)
    (table.init $trees $segment (i32.const 0) (i32.const 0) (i32.const 2))
    (local.set $same
      (ref.eq (table.get $trees (i32.const 0)) (global.get $first)))
    (table.init $trees $segment (i32.const 2) (i32.const 1) (i32.const 1))
    (i32.add
      (i32.mul (local.get $same) (i32.const 1000))
      (i32.add
        (i32.mul (i32.const 100)
          (ref.eq (table.get $trees (i32.const 1)) (table.get $trees (i32.const 2))))
        (i32.add
          (struct.get $tree $key (table.get $trees (i32.const 1)))
          (struct.get $tree $key (table.get $trees (i32.const 3)))))))
  (func (export "casts") (param $which i32) (result i32)
    (local $x anyref)
    (local.set $x (global.get $first))
    (if (i32.eq (local.get $which) (i32.const 1))
      (then (local.set $x (struct.new_default $tree))))
    (if (i32.eq (local.get $which) (i32.const 2))
      (then (local.set $x (ref.i31 (i32.const -5)))))
    (if (i32.eq (local.get $which) (i32.const 3))
      (then (local.set $x (array.new_fixed $bytes 2 (i32.const 1) (i32.const 2)))))
    (block $heavy (result (ref $heavy))
      (block $i31 (result (ref i31))
        (block $tree (result (ref $tree))
          (drop (br_on_cast $heavy anyref (ref $heavy) (local.get $x)))
          (drop (br_on_cast $i31 anyref (ref i31) (local.get $x)))
          (drop (br_on_cast $tree anyref (ref $tree) (local.get $x)))
          (return (i32.add (i32.const 40)
            (array.len (ref.cast (ref array) (any.convert_extern (extern.convert_any (local.get $x))))))))
        (drop)
        (return (i32.const 30)))
      (return (i31.get_s)))
    (struct.get $tree $key))

  (func (export "wrong-cast") (drop (ref.cast (ref $heavy) (struct.new_default $tree))))
  (func (export "null-struct") (drop (struct.get $tree $key (ref.null $tree))))
  (func (export "null-array") (drop (array.len (ref.null array))))
  (func (export "null-i31") (drop (i31.get_s (ref.null i31))))
  (func (export "bounds") (param $at i32) (param $count i32)
    (array.fill $bytes (array.new_default $bytes (i32.const 4)) (local.get $at) (i32.const 1) (local.get $count)))
  (func (export "at") (param $at i32)
    (drop (array.get_u $bytes (array.new_default $bytes (i32.const 4)) (local.get $at))))
  (func (export "data-bounds") (param $from i32) (param $count i32)
    (drop (array.new_data $bytes $text (local.get $from) (local.get $count))))
  (func (export "elem-bounds") (param $from i32) (param $count i32)
    (drop (array.new_elem $any $segment (local.get $from) (local.get $count)))))
