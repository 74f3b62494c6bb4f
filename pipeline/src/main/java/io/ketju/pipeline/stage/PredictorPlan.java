package io.ketju.pipeline.stage;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ParameterSizes;

/**
 * The memory of a {@link Predictor}, known before anything is allocated: the weights, and one slot at a time.
 *
 * @param weightBytes values of all parameters
 * @param predictingBytes the slot while it predicts: what lives at the same time of a forward
 * @param evaluatingBytes the slot while it evaluates; 0 for a model without heads
 */
public record PredictorPlan(long weightBytes, long predictingBytes, long evaluatingBytes) {
    /**
     * {@return the memory of a predictor}
     *
     * @param model with the heads that it is to measure
     * @param largest samples that go through at once, at most
     */
    public static PredictorPlan of(Model model, int largest) {
        return new PredictorPlan(
                ParameterSizes.of(model.nodes()).valueBytes(),
                ForwardSlot.bytes(model.withoutHeads(), largest),
                model.heads().isEmpty() ? 0 : ForwardSlot.bytes(model, largest));
    }

    /** {@return the most that it takes, apart from what it is given and the scratch memory of the tensor core} */
    public long bytes() {
        return Math.addExact(weightBytes, Math.max(predictingBytes, evaluatingBytes));
    }
}
