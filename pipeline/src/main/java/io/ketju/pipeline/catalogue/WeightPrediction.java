package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Overlap.Weights;
import io.ketju.pipeline.schedule.Schedule;

/**
 * {@link PipeDream} whose forwards run on predicted weights in place of old ones (Chen et al., "Efficient and Robust Parallel
 * DNN Training through Model Parallelism on Multi-GPU Platform" (SpecTrain), 2018; Guan et al., "XPipe", 2019): on those that
 * the optimizer will have made by the window's own update if it goes on in its direction at the coming learning rates. By the
 * backward they are there. In flight on rank r of p: {@code p - r}; the live weights and a prediction.
 */
public record WeightPrediction() implements Overlapping {
    static final Entry<Schedule> ENTRY = Description.of(
                    "WeightPrediction",
                    "PipeDream whose forwards run on weights as the optimizer is likely to have made them by then")
            .formula("idle = 0 between drains; in flight on rank r = p - r; 2 sets of weights, 1 on the last rank;"
                    + " s = p - 1 - r updates ahead: ŵ = w - (lr₁ + ... + lrₛ) · direction of the last update")
            .use(
                    "As PipeDream where p versions of the weights take too much memory: two sets whatever the number of ranks;"
                            + " with SGD with momentum, Adam and AdamW")
            .source("Chen et al., SpecTrain, 2018; Guan et al., XPipe, 2019")
            .always(new WeightPrediction());

    @Override
    public Spec listed() {
        return Spec.of("WeightPrediction");
    }

    @Override
    public Overlap overlap(int ranks) {
        return Overlapping.ofMicrobatches(ranks, rank -> ranks - 1 - rank, Weights.PREDICTED);
    }
}
