package io.ketju.pipeline.graph;

import io.ketju.layers.Commit;
import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/** Layers with every trait that a graph can have, as plain loops. */
final class TestLayers {
    private TestLayers() {}

    /** {@code y = a · b}: two inputs, both read by backward. */
    record Product() implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Product");
        }

        @Override
        public List<TensorType> outputs(List<TensorType> inputs) {
            Inputs.require(inputs, 2);
            return List.of(inputs.getFirst());
        }

        @Override
        public Footprint footprint(List<TensorType> inputs) {
            return Footprint.NOTHING.inputGradientReading(Port.input(0), Port.input(1));
        }

        @Override
        public long forwardFlops(List<TensorType> inputs) {
            return inputs.getFirst().shape().elements();
        }

        @Override
        public void forward(Pass pass) {
            multiply(pass.input(0), pass.input(1), pass.output(0));
        }

        @Override
        public void backwardInput(Pass pass) {
            for (int port = 0; port < 2; port++) {
                if (pass.wantsGradient(port)) {
                    multiply(pass.gradOutput(0), pass.input(1 - port), pass.gradInput(port));
                }
            }
        }
    }

    /** {@code y = a + b + …}: any number of inputs, nothing read by backward. */
    record Sum() implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Sum");
        }

        @Override
        public List<TensorType> outputs(List<TensorType> inputs) {
            return List.of(inputs.getFirst());
        }

        @Override
        public Footprint footprint(List<TensorType> inputs) {
            return Footprint.NOTHING;
        }

        @Override
        public long forwardFlops(List<TensorType> inputs) {
            return inputs.getFirst().shape().elements();
        }

        @Override
        public void forward(Pass pass) {
            Tensor y = pass.output(0);
            for (int i = 0; i < y.elements(); i++) {
                y.setFloat(i, pass.input(0).getFloat(i) + pass.input(1).getFloat(i));
            }
        }

        @Override
        public void backwardInput(Pass pass) {
            for (int port = 0; port < 2; port++) {
                if (pass.wantsGradient(port)) {
                    pass.gradInput(port).copyFrom(pass.gradOutput(0));
                }
            }
        }
    }

    /** {@code y0 = 2x, y1 = x²}: two outputs, of which any may have no gradient. */
    record Fork() implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Fork");
        }

        @Override
        public List<TensorType> outputs(List<TensorType> inputs) {
            return List.of(inputs.getFirst(), inputs.getFirst());
        }

        @Override
        public Footprint footprint(List<TensorType> inputs) {
            return Footprint.NOTHING.inputGradientReading(Port.input(0));
        }

        @Override
        public long forwardFlops(List<TensorType> inputs) {
            return 2L * inputs.getFirst().shape().elements();
        }

        @Override
        public void forward(Pass pass) {
            Tensor x = pass.input(0);
            for (int i = 0; i < x.elements(); i++) {
                pass.output(0).setFloat(i, 2 * x.getFloat(i));
                pass.output(1).setFloat(i, x.getFloat(i) * x.getFloat(i));
            }
        }

        @Override
        public void backwardInput(Pass pass) {
            Tensor x = pass.input(0);
            for (int i = 0; i < x.elements(); i++) {
                float doubled = pass.hasGradOutput(0) ? 2 * pass.gradOutput(0).getFloat(i) : 0;
                float squared = pass.hasGradOutput(1)
                        ? 2 * x.getFloat(i) * pass.gradOutput(1).getFloat(i)
                        : 0;
                pass.gradInput(0).setFloat(i, doubled + squared);
            }
        }
    }

    /** A row of a table for each index: int input, no gradient of it. */
    record Lookup(int rows, int columns) implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Lookup", rows, columns);
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(new Parameter("weight", Shape.of(rows, columns), Initializers.normal(1)));
        }

        @Override
        public List<TensorType> outputs(List<TensorType> inputs) {
            Inputs.requireInts(inputs, 0);
            return List.of(TensorType.floats(inputs.getFirst().shape().dimension(0), columns));
        }

        @Override
        public Footprint footprint(List<TensorType> inputs) {
            return Footprint.NOTHING.weightGradientReading(Port.input(0));
        }

        @Override
        public long forwardFlops(List<TensorType> inputs) {
            return 0;
        }

        @Override
        public void forward(Pass pass) {
            for (int i = 0; i < pass.output(0).elements(); i++) {
                int row = pass.input(0).getInt(i / columns);
                pass.output(0).setFloat(i, pass.parameter(0).getFloat(row * columns + i % columns));
            }
        }

        @Override
        public void backwardInput(Pass pass) {
            throw new IllegalStateException("nobody learns through indexes");
        }

        @Override
        public void backwardWeight(Pass pass) {
            Tensor dw = pass.gradient(0);
            for (int i = 0; i < pass.gradOutput(0).elements(); i++) {
                int at = pass.input(0).getInt(i / columns) * columns + i % columns;
                dw.setFloat(at, dw.getFloat(at) + pass.gradOutput(0).getFloat(i));
            }
        }
    }

    /** Random factors, regenerated in backward; none in evaluation. */
    record Noise() implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Noise");
        }

        @Override
        public List<TensorType> outputs(List<TensorType> inputs) {
            return List.of(inputs.getFirst());
        }

        @Override
        public Footprint footprint(List<TensorType> inputs) {
            return Footprint.NOTHING;
        }

        @Override
        public long forwardFlops(List<TensorType> inputs) {
            return inputs.getFirst().shape().elements();
        }

        @Override
        public void forward(Pass pass) {
            scale(pass, pass.input(0), pass.output(0));
        }

        @Override
        public void backwardInput(Pass pass) {
            scale(pass, pass.gradOutput(0), pass.gradInput(0));
        }

        private static void scale(Pass pass, Tensor x, Tensor y) {
            long first = pass.firstSample() * x.shape().dimension(1);
            for (int i = 0; i < x.elements(); i++) {
                y.setFloat(
                        i,
                        pass.training() ? x.getFloat(i) * (0.5f + pass.random().uniform(first + i)) : x.getFloat(i));
            }
        }
    }

    /** The first so many columns of each row, as an int input says; zeros behind them. */
    record Masked() implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Masked");
        }

        @Override
        public List<TensorType> outputs(List<TensorType> inputs) {
            Inputs.require(inputs, 2);
            Inputs.requireInts(inputs, 1);
            return List.of(inputs.getFirst());
        }

        @Override
        public Footprint footprint(List<TensorType> inputs) {
            return Footprint.NOTHING.inputGradientReading(Port.input(1));
        }

        @Override
        public long forwardFlops(List<TensorType> inputs) {
            return inputs.getFirst().shape().elements();
        }

        @Override
        public void forward(Pass pass) {
            mask(pass.input(0), pass.input(1), pass.output(0));
        }

        @Override
        public void backwardInput(Pass pass) {
            mask(pass.gradOutput(0), pass.input(1), pass.gradInput(0));
        }

        private static void mask(Tensor x, Tensor lengths, Tensor y) {
            int columns = x.elements() / lengths.elements();
            for (int i = 0; i < x.elements(); i++) {
                y.setFloat(i, i % columns < lengths.getInt(i / columns) ? x.getFloat(i) : 0);
            }
        }
    }

    /** Subtracts the micro-batch's mean, keeps it until the step, and commits the mean of the means. */
    record Centre(int columns) implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Centre", columns);
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(
                    Parameter.buffer("mean", Shape.of(columns), Initializers.zeros()),
                    new Parameter("bias", Shape.of(columns), Initializers.normal(1)));
        }

        @Override
        public List<TensorType> outputs(List<TensorType> inputs) {
            return List.of(inputs.getFirst());
        }

        @Override
        public Footprint footprint(List<TensorType> inputs) {
            return Footprint.NOTHING.keeping(TensorType.floats(columns)).keepingUntilStep(TensorType.floats(columns));
        }

        @Override
        public long forwardFlops(List<TensorType> inputs) {
            return 2L * inputs.getFirst().shape().elements();
        }

        @Override
        public void forward(Pass pass) {
            Tensor x = pass.input(0);
            Tensor mean = pass.training() ? pass.kept(0) : pass.parameter(0);
            if (pass.training()) {
                means(x, mean);
                pass.untilStep(0).copyFrom(mean);
            }
            for (int i = 0; i < x.elements(); i++) {
                float bias = pass.parameter(1).getFloat(i % columns);
                pass.output(0).setFloat(i, x.getFloat(i) - mean.getFloat(i % columns) + bias);
            }
        }

        @Override
        public void backwardInput(Pass pass) {
            Tensor dy = pass.gradOutput(0);
            means(dy, pass.kept(0));
            for (int i = 0; i < dy.elements(); i++) {
                pass.gradInput(0).setFloat(i, dy.getFloat(i) - pass.kept(0).getFloat(i % columns));
            }
        }

        @Override
        public void backwardWeight(Pass pass) {
            Tensor db = pass.gradient(1);
            for (int i = 0; i < pass.gradOutput(0).elements(); i++) {
                int at = i % columns;
                db.setFloat(at, db.getFloat(at) + pass.gradOutput(0).getFloat(i));
            }
        }

        @Override
        public void commit(Commit commit) {
            for (int column = 0; column < columns; column++) {
                double sum = 0;
                int samples = 0;
                for (int m = 0; m < commit.microbatches(); m++) {
                    int rows = commit.inputs(m).getFirst().shape().dimension(0);
                    sum += (double) rows * commit.left(m, 0).getFloat(column);
                    samples += rows;
                }
                float before = commit.parameter(0).getFloat(column);
                commit.parameter(0).setFloat(column, (float) (0.9 * before + 0.1 * sum / samples));
            }
        }

        private static void means(Tensor x, Tensor mean) {
            int columns = mean.elements();
            int rows = x.elements() / columns;
            for (int column = 0; column < columns; column++) {
                float sum = 0;
                for (int row = 0; row < rows; row++) {
                    sum += x.getFloat(row * columns + column);
                }
                mean.setFloat(column, sum / rows);
            }
        }
    }

    private static void multiply(Tensor a, Tensor b, Tensor y) {
        for (int i = 0; i < y.elements(); i++) {
            y.setFloat(i, a.getFloat(i) * b.getFloat(i));
        }
    }
}
