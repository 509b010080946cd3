;; Loops that count: what each gives is how often it went round, or what it computed on the way.
(module
  (memory (export "memory") 1 1)
  ;; These end by themselves, and it can be seen.
  (func (export "up") (result i32) (local $i i32) (local $n i32)
    (loop $l
      (i32.store offset=64 (local.get $i) (local.get $i))
      (local.set $n (i32.add (local.get $n) (i32.load offset=64 (local.get $i))))
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 192))))
    (local.get $n))
  (func (export "set") (result i32) (local $i i32) (local $n i32)
    (local.set $i (i32.const -7))
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 3)))
      (br_if $l (i32.lt_s (local.get $i) (i32.const 60))))
    (i32.add (i32.mul (local.get $n) (i32.const 1000)) (local.get $i)))
  (func (export "down") (result i32) (local $i i32) (local $n i32)
    (local.set $i (i32.const 100))
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
    (i32.add (i32.mul (local.get $n) (i32.const 1000)) (local.get $i)))
  (func (export "below") (result i32) (local $i i32) (local $n i32)
    (local.set $i (i32.const 9))
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $l (i32.gt_s (local.tee $i (i32.add (local.get $i) (i32.const -4))) (i32.const -100))))
    (i32.sub (i32.mul (local.get $n) (i32.const 1000)) (local.get $i)))
  (func (export "out") (param i32) (result i32) (local $i i32)
    (local.set $i (i32.const 0))
    (block $b
      (loop $l
        (br_if $b (i32.eq (local.get $i) (local.get 0)))
        (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 50)))))
    (local.get $i))
  (func (export "leaves") (result i32) (local $i i32)
    (local.set $i (i32.const 65000))
    (loop $l
      (i32.store (local.get $i) (i32.const 1))
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 66000))))
    (local.get $i))
  ;; The inner one does; the outer one is like others.
  (func (export "nested") (result i32) (local $i i32) (local $j i32) (local $n i32)
    (loop $outer
      (local.set $j (i32.const 0))
      (loop $inner
        (local.set $n (i32.add (local.get $n) (local.get $j)))
        (br_if $inner
          (i32.ne (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const 10))))
      (br_if $outer (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 700))))
    (local.get $n))
  ;; These look alike.
  (func (export "around") (result i32) (local $i i32) (local $n i32)
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $l
        (i32.ne
          (local.tee $i (i32.add (local.get $i) (i32.const 0x30000000)))
          (i32.const 0x10000000))))
    (local.get $n))
  (func (export "backwards") (result i32) (local $i i32) (local $n i32)
    (local.set $i (i32.const 0x40000000))
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $l
        (i32.lt_s
          (local.tee $i (i32.add (local.get $i) (i32.const -0x30000000)))
          (i32.const 0x20000000))))
    (local.get $n))
  (func (export "again") (result i32) (local $i i32) (local $n i32)
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (if (i32.eq (local.get $n) (i32.const 5)) (then (local.set $i (i32.const 0))))
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
    (local.get $n))
  (func (export "either") (param i32) (result i32) (local $i i32) (local $n i32)
    (block $b
      (local.set $i (i32.const 5))
      (br_if $b (local.get 0))
      (local.set $i (i32.const 2)))
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20))))
    (local.get $n))
  (func (export "given") (param $i i32) (result i32) (local $n i32)
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20))))
    (local.get $n))
  (func (export "many") (result i32) (local $i i32) (local $n i32)
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 90000))))
    (local.get $n)))
