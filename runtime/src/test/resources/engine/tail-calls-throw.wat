;; What a function throws that was called by a tail call.
(module
  (tag $one (param i32))
  (func $throw (param i32) (throw $one (local.get 0)))
  (func $guarded (param i32)
    (block $caught
      (try_table (catch_all $caught) (return_call $throw (local.get 0)))))
  (func (export "escapes") (param i32) (result i32)
    (block $caught (result i32)
      (try_table (catch $one $caught) (call $guarded (local.get 0)))
      (i32.const -1))))
