import io.ketju.actors.Ketju
import io.ketju.actors.run.TensorValues
import io.ketju.layers.optimizer.Adam

/** Learns XOR step by step, over two stages. */
fun main() {
    val job = Ketju.job()
        .model("mlp(2, 16, 2)")
        .optimizer(Adam(0.05))
        .stages(2)
        .batchSize(4)
        .microbatches(2)
        .stepByStep()
        .build()
    val xor = mapOf(
        "input" to TensorValues.of(floatArrayOf(0f, 0f, 0f, 1f, 1f, 0f, 1f, 1f), 4, 2),
        "target" to TensorValues.of(intArrayOf(0, 1, 1, 0), 4),
    )
    Ketju.session(job).use { session ->
        while (session.step(xor).loss() > 0.05) {
            check(session.steps() < 2000) { "XOR is not learnt" }
        }
        session.model().use { model ->
            val probability = model.predict(floatArrayOf(1f, 0f))[1]
            println("${session.steps()} steps, 1 xor 0: $probability")
            check(probability > 0.9f) { "expected 1 xor 0 to be learnt, found $probability" }
        }
    }
}
