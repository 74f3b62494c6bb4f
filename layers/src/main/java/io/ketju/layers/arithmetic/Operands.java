package io.ketju.layers.arithmetic;

import io.ketju.layers.Footprint;
import io.ketju.layers.Pass;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/** The inputs of a pointwise layer, repeated to one shape ({@link Broadcast}). */
final class Operands {
    static final String SHAPES = "float32 inputs whose dimensions, from the last one on, are equal or 1, to the"
            + " largest of each; one that lacks dimensions in front is the same for all samples";

    /** Workspaces of each input: the input repeated, and what is between. */
    private static final int WORKSPACES = 2;

    private Operands() {}

    /** This footprint with two workspaces for each input, the first ones; empty where nothing is to be repeated. */
    static Footprint working(Footprint footprint, List<TensorType> inputs) {
        Shape whole = Broadcast.together(inputs);
        Footprint result = footprint;
        for (TensorType input : inputs) {
            Broadcast broadcast = new Broadcast(whole, input.shape());
            result = result.workingIn(broadcast.room(), broadcast.side());
        }
        return result;
    }

    /** Position of the first workspace behind those of the inputs. */
    static int workspaces(int inputs) {
        return WORKSPACES * inputs;
    }

    /** An input as large as the output. */
    static Tensor repeated(Pass pass, int index, Shape whole) {
        Tensor input = pass.input(index);
        if (input.shape().equals(whole)) {
            return input;
        }
        Broadcast broadcast = new Broadcast(whole, input.shape());
        return broadcast.same()
                ? input
                : broadcast.repeat(
                        pass.kernels(),
                        input,
                        pass.workspace(WORKSPACES * index),
                        pass.workspace(WORKSPACES * index + 1));
    }

    /** Overwrites the gradient of an input with that of all its places. */
    static void putGradient(Pass pass, int index, Tensor ofPlaces) {
        Tensor gradient = pass.gradInput(index);
        Broadcast broadcast = new Broadcast(ofPlaces.shape(), gradient.shape());
        if (broadcast.same()) {
            pass.kernels().elementwise().copy(ofPlaces, gradient);
        } else {
            broadcast.sum(pass.kernels(), ofPlaces, pass.workspace(WORKSPACES * index + 1), gradient);
        }
    }
}
