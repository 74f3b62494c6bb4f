package io.ketju.layers.loss;

import io.ketju.tensor.Tensor;

/** How losses become one number. */
final class LossSums {
    private LossSums() {}

    /** The sum of single losses, in double precision and in their order. */
    static double inOrder(Tensor losses) {
        double sum = 0;
        for (int i = 0; i < losses.elements(); i++) {
            sum += losses.getFloat(i);
        }
        return sum;
    }
}
