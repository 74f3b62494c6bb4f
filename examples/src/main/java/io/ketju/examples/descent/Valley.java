package io.ketju.examples.descent;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.LossPass;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.TensorType;
import java.util.List;

/** A long valley: f(x, y) = 1/2 (x² + 20 y²) of an output [samples, 2], twenty times as steep across as along. */
// region valley
record Valley() implements Loss {
    static final double STEEP = 20;

    static double height(double x, double y) {
        return (x * x + STEEP * y * y) / 2;
    }

    @Override
    public Spec spec() {
        return Spec.of("Valley");
    }

    /** None: the bottom is at (0, 0). */
    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        return List.of();
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of();
    }

    @Override
    public double compute(LossPass pass) {
        double sum = 0;
        for (int i = 0; i < pass.input().elements(); i += 2) {
            double x = pass.input().getFloat(i);
            double y = pass.input().getFloat(i + 1);
            pass.gradInput().setFloat(i, (float) (x * pass.scale()));
            pass.gradInput().setFloat(i + 1, (float) (STEEP * y * pass.scale()));
            sum += height(x, y);
        }
        return sum;
    }
}
// end region
