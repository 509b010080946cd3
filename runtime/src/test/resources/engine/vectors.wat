;; Everything beside vector instructions that vectors pass through. What is exported takes and gives
;; numbers too where a test needs no vector.
(module
  (type $swap (func (param v128 i32 v128) (result v128 i32 v128)))
  (import "host" "twice" (func $twice (param v128) (result v128)))
  (import "host" "global" (global $given (mut v128)))
  (import "host" "constant" (global $import v128))
  (memory (export "memory") 1)
  (global $constant v128 (v128.const i64x2 1 2))
  (global $copied v128 (global.get $import))
  (global $mutable (export "mutable") (mut v128) (v128.const i64x2 3 4))
  (table 3 funcref)
  (elem (i32.const 0) $swapped $other $pair)
  (type $one (func (param v128) (result v128)))
  (type $pair (func (param i64 i64) (result i64 i64)))

  (func $swapped (type $swap)
    local.get 2
    local.get 1
    local.get 0)
  (func $other (result i32)
    i32.const 7)

  (func $pair (type $pair)
    local.get 1
    local.get 0)

  ;; As many words do not make a vector.
  (func (export "confused") (param v128 i32) (result v128)
    local.get 0
    local.get 1
    call_indirect (type $one))
  (func (export "pair") (type $pair)
    local.get 0
    local.get 1
    i32.const 2
    call_indirect (type $pair))

  ;; Parameters and results, more than one.
  (func (export "swap") (type $swap)
    local.get 0
    local.get 1
    local.get 2
    i32.const 0
    call_indirect (type $swap))
  (func (export "trapping") (param i32) (result v128 i32 v128)
    v128.const i64x2 0 0
    i32.const 0
    v128.const i64x2 0 0
    local.get 0
    call_indirect (type $swap))

  ;; Locals, which are zero at first, set and left on the stack.
  (func (export "locals") (param i64 v128 i64) (result v128 v128 v128 i64)
    (local $a v128)
    (local $between i64)
    (local $b v128)
    local.get $a
    local.get 1
    local.tee $a
    local.set $b
    local.get 2
    local.set $between
    local.get $b
    local.set 1
    local.get $a
    local.get 1
    local.get $between
    local.get 0
    i64.add)

  ;; 1 is the first.
  (func (export "select") (param v128 v128 i32) (result v128 v128)
    local.get 0
    local.get 1
    local.get 2
    select
    local.get 0
    local.get 1
    local.get 2
    select (result v128))

  (func (export "drop") (param v128) (result i64)
    i64.const 5
    local.get 0
    drop)

  ;; Leaves blocks with a vector on top of others, as often as it is told.
  (func (export "branches") (param $v v128) (param $times i32) (result v128)
    block $out (result v128)
      i64.const 8
      local.get $v
      loop $again (result v128)
        local.get $v
        local.get $v
        i64x2.add
        local.set $v
        local.get $v
        local.get $times
        i32.eqz
        br_if $out
        drop
        local.get $times
        i32.const 1
        i32.sub
        local.set $times
        br $again
      end
      unreachable
    end)
  (func (export "table") (param i32) (result v128)
    block $one (result v128)
      block $two (result v128)
        v128.const i64x2 1 1
        local.get 0
        br_table $one $two
      end
      v128.const i64x2 1 1
      i64x2.add
    end)
  (func (export "if") (param v128 i32) (result v128)
    local.get 1
    if (result v128)
      local.get 0
    else
      v128.const i64x2 9 9
      return
    end)

  (func (export "globals") (param v128) (result v128 v128 v128 v128)
    global.get $constant
    global.get $copied
    global.get $mutable
    local.get 0
    global.set $mutable
    global.get $given
    local.get 0
    global.set $given)

  (func (export "host") (param v128) (result v128)
    local.get 0
    call $twice
    v128.const i64x2 1 2
    i64x2.add)

  ;; By a tail call.
  (func (export "tail") (param v128 i32 v128) (result v128 i32 v128)
    local.get 0
    local.get 1
    local.get 2
    return_call $swapped)

  (func (export "load") (param i32) (result v128)
    local.get 0
    v128.load)
  (func (export "store") (param i32 v128)
    local.get 0
    local.get 1
    v128.store offset=8)
  (func (export "load-lane") (param i32 v128) (result v128)
    local.get 0
    local.get 1
    v128.load16_lane offset=2 5)
  (func (export "store-lane") (param i32 v128)
    local.get 0
    local.get 1
    v128.store16_lane offset=2 5)
  (func (export "load-splat") (param i32) (result v128)
    local.get 0
    v128.load32_splat offset=4)
  (func (export "load-extend") (param i32) (result v128)
    local.get 0
    v128.load8x8_s)
  (func (export "load-zero") (param i32) (result v128)
    local.get 0
    v128.load32_zero)

  ;; Sums a memory full of numbers, sixteen bytes at a time.
  (func (export "sum") (param $bytes i32) (result i32)
    (local $at i32)
    (local $sum v128)
    loop $again
      local.get $sum
      local.get $at
      v128.load
      i32x4.add
      local.set $sum
      local.get $at
      i32.const 16
      i32.add
      local.tee $at
      local.get $bytes
      i32.lt_u
      br_if $again
    end
    local.get $sum
    i32x4.extract_lane 0
    local.get $sum
    i32x4.extract_lane 1
    i32.add
    local.get $sum
    i32x4.extract_lane 2
    i32.add
    local.get $sum
    i32x4.extract_lane 3
    i32.add)
  (func (export "endless")
    (local v128)
    local.get 0
    call $twice
    local.set 0
    loop
      local.get 0
      v128.not
      local.set 0
      br 0
    end))
