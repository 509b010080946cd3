// What a compiler makes of structures, arrays, casts and exceptions (KotlinTest). Kotlin 2.1.20, by its class K2JSCompiler:
//   -Xwasm -Xwasm-target=wasm-wasi -libraries kotlin-stdlib-wasm-wasi-2.1.20.klib -ir-output-dir klib -ir-output-name app -Xir-produce-klib-dir kotlin.kt
//   -Xwasm -Xwasm-target=wasm-wasi -libraries kotlin-stdlib-wasm-wasi-2.1.20.klib -ir-output-dir out -ir-output-name app -Xinclude=klib -Xir-produce-js
//     -Xir-dce -Xwasm-use-new-exception-proposal
// wasm-tools strip --all out/app.wasm -o kotlin.wasm
import kotlin.wasm.WasmExport

sealed class Shape { abstract fun area(): Double }
class Circle(val r: Double) : Shape() { override fun area() = 3.0 * r * r }
class Rect(val a: Double, val b: Double) : Shape() { override fun area() = a * b }

data class Word(val text: String, var count: Int)

@WasmExport
fun words(n: Int): Int {
    val text = (0 until n).joinToString(" ") { "w${it % 37} x${it % 11}" }
    val map = HashMap<String, Word>()
    for (w in text.split(' ')) map.getOrPut(w) { Word(w, 0) }.count++
    return map.values.sortedByDescending { it.count }.take(5).sumOf { it.count } + map.size
}

@WasmExport
fun shapes(n: Int): Double {
    val l = List(n) { if (it % 2 == 0) Circle(it.toDouble()) else Rect(it.toDouble(), 2.0) }
    return l.filter { it.area() > 10 }.map { it.area() }.sum()
}

@WasmExport
fun sieve(n: Int): Int {
    val composite = BooleanArray(n + 1)
    var count = 0
    for (i in 2..n) {
        if (!composite[i]) { count++; var j = i * 2; while (j <= n) { composite[j] = true; j += i } }
    }
    return count
}

@WasmExport
fun caught(n: Int): Int = try { (if (n > 5) "abc" else "2").toInt() } catch (e: NumberFormatException) { -1 }

fun main() { println("Hello from Kotlin, ${words(1000)} ${sieve(1000)}") }
