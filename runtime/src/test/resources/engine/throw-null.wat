;; Throws again what was never caught.
(module
  (func (export "throws")
    ref.null exn
    throw_ref))
