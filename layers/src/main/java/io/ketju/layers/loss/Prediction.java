package io.ketju.layers.loss;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.loss.ClassShape;

/**
 * What a model's outputs become when it predicts: a view of them, of the same shape. The loss that it learnt by says
 * which: {@link Loss#prediction}.
 *
 * @param kind what the numbers are
 * @param classDim dimension of the classes where there are any: 1 or -1, the last
 */
public record Prediction(Kind kind, int classDim) {
    /** What the numbers of a prediction are. */
    public enum Kind {
        /** The outputs as they are: regression, and whatever says nothing else. */
        OUTPUTS,
        /** Probabilities of classes of which one is right: softmax over the classes. */
        CLASS_PROBABILITIES,
        /** Probability of each label by itself: sigmoid of every output. */
        LABEL_PROBABILITIES
    }

    /** The outputs as they are. */
    public static final Prediction OUTPUTS = new Prediction(Kind.OUTPUTS, ClassTargets.CLASS_DIM);

    /** Sigmoid of every output. */
    public static final Prediction LABEL_PROBABILITIES =
            new Prediction(Kind.LABEL_PROBABILITIES, ClassTargets.CLASS_DIM);

    /**
     * Checks the dimension.
     *
     * @throws IllegalArgumentException if it is neither 1 nor -1
     */
    public Prediction {
        if (classDim != 1 && classDim != -1) {
            throw new IllegalArgumentException("dimension of the classes: expected 1 or -1, found " + classDim);
        }
    }

    /**
     * Softmax over the classes.
     *
     * @param classDim their dimension: 1 or -1, the last
     * @return what makes probabilities of them
     */
    public static Prediction classProbabilities(int classDim) {
        return new Prediction(Kind.CLASS_PROBABILITIES, classDim);
    }

    /**
     * Overwrites predictions, sample by sample: the bits of one do not depend on the others.
     *
     * @param kernels that calculate them
     * @param outputs [samples, ...output] of the model
     * @param predictions of the same shape, another tensor
     */
    public void apply(Kernels kernels, Tensor outputs, Tensor predictions) {
        switch (kind) {
            case OUTPUTS -> predictions.copyFrom(outputs);
            case CLASS_PROBABILITIES -> softmax(kernels, outputs, predictions);
            case LABEL_PROBABILITIES -> kernels.activation().forward(Activation.SIGMOID, outputs, predictions);
        }
    }

    private void softmax(Kernels kernels, Tensor outputs, Tensor predictions) {
        ClassShape shape = ClassTargets.shape(outputs.shape(), classDim);
        if (shape.positions() == 1) {
            Shape rows = Shape.of(shape.samples(), shape.classes());
            kernels.softmax().softmaxForward(outputs.view(rows), predictions.view(rows));
            return;
        }
        // The kernel takes rows of classes: those of one sample are turned, and its results turned back.
        Shape rows = Shape.of(shape.positions(), shape.classes());
        for (int i = 0; i < shape.samples(); i++) {
            Tensor turned = predictions.samples(i, 1).view(rows);
            turned.copyFrom(turned(outputs.samples(i, 1).toFloats(), shape.positions()));
            kernels.softmax().softmaxForward(turned, turned);
            turned.copyFrom(turned(turned.toFloats(), shape.classes()));
        }
    }

    /** A matrix with so many columns, row-major, becomes its transpose. */
    private static float[] turned(float[] matrix, int columns) {
        int rows = matrix.length / columns;
        float[] transpose = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transpose[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transpose;
    }
}
