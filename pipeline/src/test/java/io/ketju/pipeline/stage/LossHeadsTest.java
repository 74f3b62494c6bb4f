package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Losses of several outputs, without targets, with weights of samples and as sums, over every cut. */
class LossHeadsTest {
    private static final int SAMPLES = 7;

    private static final Model MODEL = ModelText.parse(
            Shape.of(4),
            List.of(
                    "anchor = Linear(4, 3)",
                    "like = Linear(4, 3) <- input",
                    "unlike = Linear(4, 3) <- input",
                    "head near = TripletMarginLoss() <- anchor, like, unlike",
                    "head sum = MSELoss(reduction=sum) <- like targets wanted weight 0.5",
                    "head pair = CosineEmbeddingLoss(sample_weights=true) <- anchor, unlike targets sign, share"));

    @Test
    void textReadsBack() {
        List<String> lines = ModelText.print(MODEL);
        assertThat(lines).contains("head near = TripletMarginLoss() <- anchor, like, unlike");
        assertThat(ModelText.parse(Shape.of(4), lines)).isEqualTo(MODEL);
    }

    @Test
    void everyCutGivesTheSameBits() {
        for (int microbatches : new int[] {1, 3, 7}) {
            String expected = hash(1, microbatches);
            assertThat(hash(2, microbatches)).isEqualTo(expected);
            assertThat(hash(3, microbatches)).isEqualTo(expected);
        }
    }

    /** What is told does not depend on the micro-batches: the sum stays a sum, the means means. */
    @Test
    void microbatchesDoNotShow() {
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 14);
                InProcessRunner whole = new InProcessRunner(Toy.spec(MODEL, 1, SAMPLES, 1), core);
                InProcessRunner parts = new InProcessRunner(Toy.spec(MODEL, 2, SAMPLES, 4), core)) {
            Map<String, Tensor> batch = batch(arena);
            Map<String, Double> expected = whole.evaluate(0, batch).values(MODEL.heads());
            assertThat(expected).containsKeys("near/loss", "sum/loss", "pair/loss");
            parts.evaluate(0, batch)
                    .values(MODEL.heads())
                    .forEach((name, value) -> assertThat(value).as(name).isCloseTo(expected.get(name), within(1e-9)));
            List<WindowMetrics.OfHead> sums =
                    List.copyOf(whole.evaluate(0, batch).heads().values());
            assertThat(expected.get("sum/loss")).isEqualTo(sums.get(1).lossSum());
            assertThat(sums.get(0).weight()).isEqualTo(SAMPLES);
            assertThat(sums.get(2).weight()).isEqualTo(0.5 * (1 + 2 + 3 + 4 + 5 + 6));
        }
    }

    private static String hash(int stages, int microbatches) {
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 14);
                InProcessRunner runner = new InProcessRunner(Toy.spec(MODEL, stages, SAMPLES, microbatches), core)) {
            for (int step = 1; step <= 3; step++) {
                runner.train(step, batch(arena));
            }
            return runner.stateHash();
        }
    }

    private static Map<String, Tensor> batch(TensorArena arena) {
        Map<String, Tensor> batch = new HashMap<>();
        batch.put("input", filled(arena, TensorType.floats(SAMPLES, 4), "input"));
        batch.put("wanted", filled(arena, TensorType.floats(SAMPLES, 3), "wanted"));
        Tensor sign = filled(arena, TensorType.floats(SAMPLES), "sign");
        Tensor share = filled(arena, TensorType.floats(SAMPLES), "share");
        for (int i = 0; i < SAMPLES; i++) {
            sign.setFloat(i, i % 2 == 0 ? 1 : -1);
            share.setFloat(i, i * 0.5f);
        }
        batch.put("sign", sign);
        batch.put("share", share);
        return batch;
    }

    private static Tensor filled(TensorArena arena, TensorType type, String name) {
        Tensor tensor = arena.allocate(type.dtype(), type.shape());
        CounterRandom random = CounterRandom.of(5, name);
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, random.normal(i));
        }
        return tensor;
    }
}
