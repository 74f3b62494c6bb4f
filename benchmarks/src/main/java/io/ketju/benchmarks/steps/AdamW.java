package io.ketju.benchmarks.steps;

import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.AdamStep;
import io.ketju.tensor.kernel.update.GradientOptions;
import java.util.List;

/** <a href="https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html">AdamW</a> with PyTorch's defaults. */
record AdamW(double learningRate) implements Optimizer {
    private static final GradientOptions DECAY = new GradientOptions(0.01, true, false);

    @Override
    public Spec spec() {
        return Spec.of("AdamW").withNumber("lr", learningRate);
    }

    @Override
    public List<State> states() {
        return List.of(new State("exp_avg"), new State("exp_avg_sq"));
    }

    @Override
    public void update(Kernels kernels, double rate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        AdamStep values = new AdamStep(rate, 0.9, 0.999, 1e-8, DECAY, step);
        kernels.update().adam(values, parameter, gradient, state.get(0), state.get(1));
    }
}
