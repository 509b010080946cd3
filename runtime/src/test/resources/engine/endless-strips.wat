;; Loops, calls and dear instructions in shapes that must not hide from stop checks.
(module
  (memory (export "memory") 16 16)
  (tag $t)
  (func (export "nest") (local i32 i32 i32 i32 i32 i32 i32 i32)
    (local.set 0 (i32.const 1000000))
    (loop $0
      (local.set 1 (i32.const 1000000))
      (loop $1
        (local.set 2 (i32.const 1000000))
        (loop $2
          (local.set 3 (i32.const 1000000))
          (loop $3
            (local.set 4 (i32.const 1000000))
            (loop $4
              (local.set 5 (i32.const 1000000))
              (loop $5
                (local.set 6 (i32.const 1000000))
                (loop $6
                  (local.set 7 (i32.const 1000000))
                  (loop $7
                    (br_if $7 (local.tee 7 (i32.sub (local.get 7) (i32.const 1)))))
                  (br_if $6 (local.tee 6 (i32.sub (local.get 6) (i32.const 1)))))
                (br_if $5 (local.tee 5 (i32.sub (local.get 5) (i32.const 1)))))
              (br_if $4 (local.tee 4 (i32.sub (local.get 4) (i32.const 1)))))
            (br_if $3 (local.tee 3 (i32.sub (local.get 3) (i32.const 1)))))
          (br_if $2 (local.tee 2 (i32.sub (local.get 2) (i32.const 1)))))
        (br_if $1 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
      (br_if $0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  ;; Both loops begin at one place, and a switch leads to either.
  (func (export "switch") (local $i i32)
    (loop $outer
      (loop $inner
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_table $inner $outer $inner (i32.and (local.get $i) (i32.const 3))))))
  ;; Several ways lead back, the last of them from where others go.
  (func (export "ways") (local $i i32)
    (loop $l
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (block $b
        (br_if $l (i32.and (local.get $i) (i32.const 1)))
        (br_if $b (i32.and (local.get $i) (i32.const 2)))
        (br_if $l (i32.and (local.get $i) (i32.const 4))))
      (br $l)))
  ;; An operand lies below the loop, and another one is passed around it.
  (func (export "operands") (result i32)
    (i32.const 7)
    (i32.const 1)
    (loop $l (param i32) (result i32)
      (i32.add (i32.const 1))
      (br $l))
    (i32.add))
  (func (export "catch")
    (loop $l
      (block $caught
        (try_table (catch_all $caught) (throw $t)))
      (br $l)))
  ;; What stops a guest is nothing that it can catch.
  (func (export "catch_in")
    (block $caught
      (try_table (catch_all $caught) (loop $l (br $l)))))
  ;; The inner loops end by themselves, and need no look.
  (func (export "counted") (local $i i32)
    (loop $l
      (local.set $i (i32.const 0))
      (loop $up
        (br_if $up (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 400))))
      (local.set $i (i32.const 100))
      (loop $down
        (br_if $down (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
      (br $l)))
  ;; Their counters pass the ends.
  (func (export "passes") (local $i i32)
    (local.set $i (i32.const 0x70000000))
    (loop $l
      (br_if $l
        (i32.lt_s
          (local.tee $i (i32.add (local.get $i) (i32.const 0x20000000)))
          (i32.const 0x7fffffff)))))
  (func (export "misses") (local $i i32)
    (local.set $i (i32.const 0))
    (loop $l
      (br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 2))) (i32.const 101)))))
  (func $leaf)
  (func $tree1 (call $leaf) (call $leaf) (call $leaf) (call $leaf))
  (func $tree2 (call $tree1) (call $tree1) (call $tree1) (call $tree1))
  (func $tree3 (call $tree2) (call $tree2) (call $tree2) (call $tree2))
  (func $tree4 (call $tree3) (call $tree3) (call $tree3) (call $tree3))
  (func $tree5 (call $tree4) (call $tree4) (call $tree4) (call $tree4))
  (func $tree6 (call $tree5) (call $tree5) (call $tree5) (call $tree5))
  (func $tree7 (call $tree6) (call $tree6) (call $tree6) (call $tree6))
  (func $tree8 (call $tree7) (call $tree7) (call $tree7) (call $tree7))
  (func $tree9 (call $tree8) (call $tree8) (call $tree8) (call $tree8))
  (func $tree10 (call $tree9) (call $tree9) (call $tree9) (call $tree9))
  (func $tree11 (call $tree10) (call $tree10) (call $tree10) (call $tree10))
  (func $tree12 (call $tree11) (call $tree11) (call $tree11) (call $tree11))
  (func $tree13 (call $tree12) (call $tree12) (call $tree12) (call $tree12))
  (func $tree14 (call $tree13) (call $tree13) (call $tree13) (call $tree13))
  (func $tree15 (call $tree14) (call $tree14) (call $tree14) (call $tree14))
  (func $tree16 (call $tree15) (call $tree15) (call $tree15) (call $tree15))
  (func $tree17 (call $tree16) (call $tree16) (call $tree16) (call $tree16))
  (func $tree18 (call $tree17) (call $tree17) (call $tree17) (call $tree17))
  (func $tree19 (call $tree18) (call $tree18) (call $tree18) (call $tree18))
  (func $tree20 (call $tree19) (call $tree19) (call $tree19) (call $tree19))
  (func (export "tree") (call $tree20) (call $tree20) (call $tree20) (call $tree20))
  (func $even (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (call $odd (i32.sub (local.get 0) (i32.const 1)))
                     (call $odd (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 1))))
  (func $odd (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (call $even (i32.sub (local.get 0) (i32.const 1)))
                     (call $even (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 0))))
  (func (export "mutual") (result i32) (call $even (i32.const 60)))
  ;; Each as large as may go without a look of its own at the stop.
  (func (export "fills")
    (loop $l
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 0xfffff))
      (memory.fill (i32.const 0) (i32.const 2) (i32.const 0xfffff))
      (memory.fill (i32.const 0) (i32.const 3) (i32.const 0xfffff))
      (br $l)))
  (func (export "grows") (loop $l (drop (memory.grow (i32.const 1))) (br $l))))
