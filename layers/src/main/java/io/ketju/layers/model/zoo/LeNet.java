package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Shape;

/**
 * Two convolutions, each with pooling, and linear layers, over digits (LeCun et al. 1998). A chain: parameters are called by their place,
 * as in {@code torch.nn.Sequential}: 0.weight, 3.bias.
 */
public final class LeNet {
    /** Shape of one sample of MNIST and Fashion-MNIST. */
    private static final Shape MNIST = Shape.of(1, 28, 28);

    private static final int CLASSES = 10;

    static final Entry<Model> FIVE = Description.of("lenet5", "LeNet-5, with ReLU and max pooling")
            .source("LeCun et al. 1998")
            .readBy(arguments -> Model.of(MNIST, five()));

    static final Entry<Model> ENTRY = Description.of("lenet", "The wider LeNet of Caffe's examples")
            .optional("channels1", 20, "of the first convolution")
            .optional("channels2", 50, "of the second")
            .optional("hidden", 500, "width of the hidden linear layer")
            .source("Caffe's lenet.prototxt")
            .readBy(arguments -> Model.of(
                    MNIST,
                    of(arguments.integer("channels1"), arguments.integer("channels2"), arguments.integer("hidden"))));

    private LeNet() {}

    /**
     * {@return LeNet-5 (LeCun et al. 1998) as it is usually built today, with ReLU and max pooling: images [1, 28, 28], 10 classes, 61,706
     * parameters}
     */
    public static Sequential five() {
        return Sequential.of(
                new Conv2d(1, 6, 5).withPadding(2),
                Activations.relu(),
                new MaxPool2d(2),
                new Conv2d(6, 16, 5),
                Activations.relu(),
                new MaxPool2d(2),
                new Flatten(),
                new Linear(400, 120),
                Activations.relu(),
                new Linear(120, 84),
                Activations.relu(),
                new Linear(84, CLASSES));
    }

    /**
     * {@return the wider LeNet of Caffe's examples (20, 50 channels, 500 hidden units) with ReLU after every pooling: images [1, 28, 28],
     * 10 classes. ReLU and max pooling commute, and after pooling there is a quarter to compute}
     *
     * @param channels1 of the first convolution
     * @param channels2 of the second
     * @param hidden width of the hidden linear layer
     */
    public static Sequential of(int channels1, int channels2, int hidden) {
        return Sequential.of(
                new Conv2d(1, channels1, 5),
                new MaxPool2d(2),
                Activations.relu(),
                new Conv2d(channels1, channels2, 5),
                new MaxPool2d(2),
                Activations.relu(),
                new Flatten(),
                new Linear(channels2 * 4 * 4, hidden),
                Activations.relu(),
                new Linear(hidden, CLASSES));
    }
}
