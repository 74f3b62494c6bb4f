package io.ketju.pipeline.stage;

import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the targets of a mini-batch weigh for each of the model's losses, which is what the sums of the losses are divided
 * by: asked of the losses, micro-batch by micro-batch, and added in their order. Not thread-safe.
 */
public final class Denominators {
    private final List<Head> heads;
    private final double[] sums;

    public Denominators(Model model) {
        heads = model.heads();
        sums = new double[heads.size()];
    }

    /** Adds the next micro-batch; it has at least all targets of the model, by name. */
    public void add(Map<String, Tensor> microbatch) {
        for (int i = 0; i < sums.length; i++) {
            Head head = heads.get(i);
            sums[i] += head.loss()
                    .weight(head.targets().stream()
                            .map(name -> Objects.requireNonNull(
                                    microbatch.get(name), () -> "the batch has no '" + name + "'"))
                            .toList());
        }
    }

    /** The sums so far, in the order of the heads. */
    public List<Double> sums() {
        return Arrays.stream(sums).boxed().toList();
    }
}
