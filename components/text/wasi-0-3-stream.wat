;; Uses WASI 0.3: its import hands over a stream and gives a future back.
(component
  (import "wasi:cli/stdout@0.3.0" (instance $stdout
    (type $code' (enum "io" "illegal-byte-sequence" "pipe"))
    (export "error-code" (type $code (eq $code')))
    (type $bytes (stream u8))
    (type $written (result (error $code)))
    (type $later (future $written))
    (export "write-via-stream" (func (param "data" $bytes) (result $later))))))
