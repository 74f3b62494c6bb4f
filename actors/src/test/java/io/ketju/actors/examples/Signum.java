package io.ketju.actors.examples;

import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;

// region optimizer
/** A step of fixed size against the sign of a moving mean of the gradients (Bernstein et al., signSGD, 2018). */
record Signum(double learningRate, double momentum) implements Optimizer {
    @Override
    public Spec spec() {
        return Spec.of("Signum").withNumber("lr", learningRate).withNumber("momentum", momentum);
    }

    /** One tensor of each parameter's shape, zeros at first. */
    @Override
    public List<State> states() {
        return List.of(new State("momentum_buffer"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        Tensor mean = state.getFirst();
        for (int i = 0; i < parameter.elements(); i++) {
            float moved = (float) (momentum * mean.getFloat(i) + (1 - momentum) * gradient.getFloat(i));
            mean.setFloat(i, moved);
            parameter.setFloat(i, (float) (parameter.getFloat(i) - learningRate * Math.signum(moved)));
        }
    }
}
// end region
