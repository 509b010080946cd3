;; Asks the host, and calls by vectors then.
(module
  (type $of (func (param v128 i32 v128) (result i32 v128)))
  (import "host" "twice" (func $twice (param v128) (result v128)))
  (global $sum (mut v128) (v128.const i64x2 1 2))
  (table 1 funcref)
  (elem (i32.const 0) $differ)
  (func $differ (type $of)
    local.get 1
    i32.const 1
    i32.add
    local.get 0
    local.get 2
    i64x2.sub
    global.get $sum
    i64x2.add
    local.tee 0
    global.set $sum
    local.get 0)
  (func (export "all") (param v128) (result v128 i32 v128 i32 v128)
    (local $kept v128)
    local.get 0
    local.set $kept
    local.get 0
    call $twice
    local.get $kept
    i32.const 5
    local.get 0
    call $differ
    local.get $kept
    i32.const 7
    v128.const i64x2 3 4
    i32.const 0
    call_indirect (type $of)))
