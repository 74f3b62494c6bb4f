package io.ketju.examples.lesson;

import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import java.util.List;

/** What a network computes for one sample, in the field's unit. */
public final class Work {
    private Work() {}

    /**
     * Multiply-adds of the convolutions and linear layers in one forward pass over one sample: those of a convolution are its output's
     * elements times input channels of a group times taps, those of a linear layer inputs times outputs. What else a network does is
     * little beside them, and is not counted, as is usual.
     */
    public static long multiplyAdds(Model model) {
        return perNode(model).stream().mapToLong(Long::longValue).sum();
    }

    /** The same for each of the model's nodes; 0 for those of another kind. */
    public static List<Long> perNode(Model model) {
        ModelTypes types = model.types(1);
        return model.nodes().stream().map(node -> of(node, types)).toList();
    }

    private static long of(Node node, ModelTypes types) {
        boolean counted = node.layer() instanceof Conv2d || node.layer() instanceof Linear;
        if (!counted) {
            return 0;
        }
        long biases = 0;
        boolean biased = node.layer().parameters().size() > 1;
        if (biased) {
            biases = node.layer().outputs(types.inputs(node)).getFirst().shape().elements();
        }
        return (node.layer().forwardFlops(types.inputs(node)) - biases) / 2;
    }
}
