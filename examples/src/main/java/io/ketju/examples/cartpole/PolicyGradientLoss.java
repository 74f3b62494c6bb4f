package io.ketju.examples.cartpole;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossPass;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.loss.Reported;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * REINFORCE (Williams 1992): {@code -A · log π(a)} for the action a that was taken and its advantage A, of any sign. π is the
 * softmax of the outputs, float32 [samples, actions]; targets are the actions, int32 [samples], and their advantages,
 * float32 [samples].
 */
// region loss
record PolicyGradientLoss() implements Loss {
    @Override
    public Spec spec() {
        return Spec.of("PolicyGradientLoss");
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        int samples = inputs.getFirst().shape().dimension(0);
        return List.of(TensorType.ints(samples), TensorType.floats(samples));
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Reported.RETURN); // the session is told what the games have given
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of();
    }

    @Override
    public double compute(LossPass pass) {
        int actions = pass.input().shape().dimension(1);
        double sum = 0;
        for (int i = 0; i < pass.input().shape().dimension(0); i++) {
            sum += sample(pass, i, actions);
        }
        return sum;
    }

    /** The gradient of an output is A · (π - 1 of the action taken, or 0). */
    private static double sample(LossPass pass, int sample, int actions) {
        Tensor outputs = pass.input();
        int taken = pass.targets().get(0).getInt(sample);
        double advantage = pass.targets().get(1).getFloat(sample);
        int first = sample * actions;
        double most = Double.NEGATIVE_INFINITY;
        for (int a = 0; a < actions; a++) {
            most = Math.max(most, outputs.getFloat(first + a));
        }
        double all = 0;
        for (int a = 0; a < actions; a++) {
            all += StrictMath.exp(outputs.getFloat(first + a) - most);
        }
        for (int a = 0; a < actions; a++) {
            double share = StrictMath.exp(outputs.getFloat(first + a) - most) / all;
            double gradient = advantage * (share - (a == taken ? 1 : 0));
            pass.gradInput().setFloat(first + a, (float) (gradient * pass.scale()));
        }
        return -advantage * (outputs.getFloat(first + taken) - most - StrictMath.log(all));
    }
}
// end region
