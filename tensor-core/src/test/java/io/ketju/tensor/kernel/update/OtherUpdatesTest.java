package io.ketju.tensor.kernel.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.testing.Operand;
import org.junit.jupiter.api.Test;

/** Updates that torch.optim has not, against their papers in double precision. */
class OtherUpdatesTest {
    private static final int SIZE = 23;
    private static final int STEPS = 4;
    private static final double TOLERANCE = 2e-6;

    private final UpdateKernels kernels = new ScalarUpdates();
    private final Tensor w = Operand.uniform(1, "w", Shape.of(SIZE)).tensor;
    private final Tensor first = zeros();
    private final Tensor second = zeros();

    /** The notes' form of momentum: at a constant rate it is PyTorch's, and the way that was gone stays when the rate changes. */
    @Test
    void displacement() {
        Tensor torch = Operand.uniform(1, "w", Shape.of(SIZE)).tensor;
        Tensor buffer = zeros();
        for (int step = 1; step <= STEPS; step++) {
            Tensor dw = gradient(step);
            kernels.sgd(new DisplacementStep(0.1, 0.9, 0.01, false), w, dw, first);
            kernels.sgd(new SgdStep(0.1, 0.9, 0, 0.01, false, step == 1), torch, dw, buffer);
        }
        for (int i = 0; i < SIZE; i++) {
            assertThat((double) w.getFloat(i)).isCloseTo(torch.getFloat(i), within(TOLERANCE));
        }
        double[] before = doubles(w);
        double[] way = doubles(first);
        Tensor dw = gradient(STEPS + 1);
        kernels.sgd(new DisplacementStep(0.001, 0.9, 0, false), w, dw, first);
        for (int i = 0; i < SIZE; i++) {
            double expected = before[i] - 0.001 * dw.getFloat(i) + 0.9 * way[i];
            assertThat((double) w.getFloat(i)).isCloseTo(expected, within(TOLERANCE));
        }
    }

    @Test
    void lion() {
        double[] weights = doubles(w);
        double[] m = new double[SIZE];
        for (int step = 1; step <= STEPS; step++) {
            Tensor dw = gradient(step);
            kernels.lion(new LionStep(0.01, 0.9, 0.99, 0.1, true), w, dw, first);
            for (int i = 0; i < SIZE; i++) {
                double g = -dw.getFloat(i);
                double direction = Math.signum(0.9 * m[i] + 0.1 * g);
                weights[i] -= 0.01 * (direction + 0.1 * weights[i]);
                m[i] = 0.99 * m[i] + 0.01 * g;
                assertThat((double) w.getFloat(i)).isCloseTo(weights[i], within(TOLERANCE));
                assertThat((double) first.getFloat(i)).isCloseTo(m[i], within(TOLERANCE));
            }
        }
    }

    @Test
    void directionOfLamb() {
        double[] m = new double[SIZE];
        double[] v = new double[SIZE];
        for (int step = 1; step <= STEPS; step++) {
            Tensor dw = gradient(step);
            double[] gradients = doubles(dw);
            kernels.lambDirection(new LambStep(0.9, 0.99, 1e-6, 0.01, step, false), w, dw, first, second);
            for (int i = 0; i < SIZE; i++) {
                double g = gradients[i];
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.99 * v[i] + 0.01 * g * g;
                double mean = m[i] / (1 - StrictMath.pow(0.9, step));
                double square = v[i] / (1 - StrictMath.pow(0.99, step));
                double expected = mean / (Math.sqrt(square) + 1e-6) + 0.01 * w.getFloat(i);
                assertThat((double) dw.getFloat(i)).isCloseTo(expected, within(TOLERANCE));
            }
        }
    }

    /** The mean of all weights, and the value itself for the whole weight. */
    @Test
    void averages() {
        double[] sum = new double[SIZE];
        for (int step = 1; step <= STEPS; step++) {
            Tensor next = gradient(step);
            kernels.average(1.0 / step, next, first);
            for (int i = 0; i < SIZE; i++) {
                sum[i] += next.getFloat(i);
                assertThat((double) first.getFloat(i)).isCloseTo(sum[i] / step, within(TOLERANCE));
            }
        }
        kernels.average(1, w, first);
        assertThat(first.toFloats()).isEqualTo(w.toFloats());
    }

    /** Moved there and back by the same way, weights are where they were; the mean way of equal updates is one update. */
    @Test
    void movedWeights() {
        Tensor before = gradient(1);
        Tensor direction = gradient(2);
        for (int i = 0; i < 40; i++) {
            before.copyFrom(w);
            kernels.moved(0.01, before, direction, w);
            kernels.drift(0.5, w, before, first);
        }
        kernels.moved(-40, w, first, second);
        Tensor start = Operand.uniform(1, "w", Shape.of(SIZE)).tensor;
        for (int i = 0; i < SIZE; i++) {
            assertThat((double) first.getFloat(i)).isCloseTo(0.01 * direction.getFloat(i), within(TOLERANCE));
            assertThat((double) second.getFloat(i)).isCloseTo(start.getFloat(i), within(40 * TOLERANCE));
        }
    }

    /** Adam's averages of a gradient that stays lead where its next updates go. */
    @Test
    void courseOfAdam() {
        Tensor dw = gradient(1);
        long step = 0;
        GradientOptions decoupled = new GradientOptions(0.1, true, false);
        while (step < STEPS) {
            kernels.adam(new AdamStep(0.01, 0.9, 0.99, 1e-8, decoupled, ++step), w, dw, first, second);
        }
        Tensor predicted = zeros();
        double[] rates = {0.01, 0.03, 0.02};
        double keep = 1;
        double distance = 0;
        for (double rate : rates) {
            distance = distance * (1 - 0.1 * rate) + rate;
            keep *= 1 - 0.1 * rate;
        }
        kernels.adamCourse(new AdamCourse(distance, keep, 0.9, 0.99, 1e-8, step), w, first, second, predicted);
        for (double rate : rates) {
            kernels.adam(new AdamStep(rate, 0.9, 0.99, 1e-8, decoupled, ++step), w, dw, first, second);
        }
        for (int i = 0; i < SIZE; i++) {
            assertThat((double) predicted.getFloat(i)).isCloseTo(w.getFloat(i), within(TOLERANCE));
        }
    }

    private static Tensor gradient(int step) {
        return Operand.uniform(step, "dw", Shape.of(SIZE)).tensor;
    }

    private static Tensor zeros() {
        Tensor tensor = Operand.uniform(1, "zeros", Shape.of(SIZE)).tensor;
        tensor.clear();
        return tensor;
    }

    private static double[] doubles(Tensor tensor) {
        double[] values = new double[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getFloat(i);
        }
        return values;
    }
}
