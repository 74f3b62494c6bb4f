package io.ketju.pipeline.graph;

import io.ketju.layers.Layer;
import io.ketju.layers.activation.Pointwise;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * The loss of a {@link RandomGraph} without noise in double precision, forward only and as plainly as possible: what its
 * gradients are compared with. Every value is [samples, {@value RandomGraph#WIDTH}].
 */
final class DoubleGraph {
    private static final double STEP = 1e-5;
    private static final int WIDTH = RandomGraph.WIDTH;

    private final Model model;
    private final Map<String, Tensor> batch;
    private final MicrobatchSplit split;

    DoubleGraph(Model model, Map<String, Tensor> batch, int microbatches) {
        this.model = model;
        this.batch = batch;
        split = MicrobatchSplit.atMost(batch.get("x").shape().dimension(0), microbatches);
    }

    /** Central differences by every element of one parameter. */
    double[] gradient(Map<String, double[]> parameters, String name) {
        double[] varied = parameters.get(name);
        double[] gradient = new double[varied.length];
        for (int i = 0; i < varied.length; i++) {
            double value = varied[i];
            varied[i] = value + STEP;
            double above = loss(parameters);
            varied[i] = value - STEP;
            double below = loss(parameters);
            varied[i] = value;
            gradient[i] = (above - below) / (2 * STEP);
        }
        return gradient;
    }

    private double loss(Map<String, double[]> parameters) {
        double loss = 0;
        for (int m = 0; m < split.microbatches(); m++) {
            loss += loss(parameters, split.firstSample(m), split.size(m));
        }
        return loss / split.samples();
    }

    private double loss(Map<String, double[]> parameters, int first, int rows) {
        Map<Value, double[][]> values = new HashMap<>();
        Tensor x = batch.get("x");
        double[][] input = new double[rows][WIDTH];
        for (int i = 0; i < rows * WIDTH; i++) {
            input[i / WIDTH][i % WIDTH] = x.getFloat(first * WIDTH + i);
        }
        values.put(Value.ofInput(0), input);
        for (int i = 0; i < model.nodes().size(); i++) {
            List<double[][]> outputs = outputs(model.nodes().get(i), values, parameters, first, rows);
            for (int port = 0; port < outputs.size(); port++) {
                values.put(new Value(i, port), outputs.get(port));
            }
        }
        double loss = 0;
        for (Head head : model.heads()) {
            double[][] logits = values.get(head.inputs().getFirst());
            for (int row = 0; row < rows; row++) {
                int target = batch.get(head.targets().getFirst()).getInt(first + row);
                loss += head.weight() * crossEntropy(logits[row], target);
            }
        }
        return loss;
    }

    private static double crossEntropy(double[] logits, int target) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return Math.log(sum) + largest - logits[target];
    }

    private List<double[][]> outputs(
            Node node, Map<Value, double[][]> values, Map<String, double[]> parameters, int first, int rows) {
        List<double[]> own = node.parameters().stream().map(parameters::get).toList();
        List<double[][]> inputs = new ArrayList<>();
        node.inputs().forEach(value -> inputs.add(values.get(value)));
        double[][] a = inputs.getFirst();
        double[][] y = new double[rows][WIDTH];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < WIDTH; column++) {
                y[row][column] = output(node.layer(), inputs, own, first, row, column);
            }
        }
        if (node.layer() instanceof TestLayers.Fork) {
            return List.of(each(a, v -> 2 * v), each(a, v -> v * v));
        }
        List<double[][]> outputs = new ArrayList<>();
        outputs.add(y);
        return outputs;
    }

    private double output(Layer layer, List<double[][]> inputs, List<double[]> own, int first, int row, int column) {
        double[][] a = inputs.getFirst();
        double[][] b = inputs.getLast();
        return switch (layer) {
            case Linear linear -> linear(own, a[row], column);
            case Pointwise tanh -> Math.tanh(a[row][column]);
            case Flatten flatten -> a[row][column];
            case TestLayers.Sum sum -> a[row][column] + b[row][column];
            case TestLayers.Product product -> a[row][column] * b[row][column];
            case TestLayers.Fork fork -> 0;
            case TestLayers.Lookup lookup -> own.getFirst()[batch.get("token").getInt(first + row) * WIDTH + column];
            case TestLayers.Masked masked -> column < batch.get("length").getInt(first + row) ? a[row][column] : 0;
            case TestLayers.Centre centre -> a[row][column] - mean(a, column) + own.get(1)[column];
            case BatchNorm1d norm -> normalized(norm, a, row, column) * own.get(0)[column] + own.get(1)[column];
            default -> throw new IllegalArgumentException("no reference for " + layer);
        };
    }

    private static double linear(List<double[]> own, double[] x, int column) {
        double sum = own.get(1)[column];
        for (int i = 0; i < WIDTH; i++) {
            sum += own.get(0)[column * WIDTH + i] * x[i];
        }
        return sum;
    }

    private static double mean(double[][] x, int column) {
        double sum = 0;
        for (double[] row : x) {
            sum += row[column];
        }
        return sum / x.length;
    }

    private static double normalized(BatchNorm1d norm, double[][] x, int row, int column) {
        double mean = mean(x, column);
        double variance = mean(each(x, v -> (v - mean) * (v - mean)), column);
        return (x[row][column] - mean) / Math.sqrt(variance + norm.eps());
    }

    private static double[][] each(double[][] x, DoubleUnaryOperator function) {
        double[][] y = new double[x.length][WIDTH];
        for (int row = 0; row < x.length; row++) {
            for (int column = 0; column < WIDTH; column++) {
                y[row][column] = function.applyAsDouble(x[row][column]);
            }
        }
        return y;
    }
}
