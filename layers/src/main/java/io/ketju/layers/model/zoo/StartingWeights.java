package io.ketju.layers.model.zoo;

import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.InitialValues;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the weights of torchvision's networks start as: those of convolutions normal by what leaves them (He et al. 2015), their biases 0;
 * those of linear layers by a rule of the network with biases 0, or as the layer has them.
 */
final class StartingWeights {
    private static final Initializer CONVOLUTION = Initializers.kaimingNormal(0, "fan_out", "relu");

    private StartingWeights() {}

    /** Linear layers start as they do by themselves. */
    static Model ofConvolutions(Model model) {
        return of(model, Optional.empty());
    }

    /** Linear layers start so, with biases 0. */
    static Model with(Model model, Initializer linear) {
        return of(model, Optional.of(linear));
    }

    private static Model of(Model model, Optional<Initializer> linear) {
        List<InitialValues> rules = new ArrayList<>();
        for (Node node : model.nodes()) {
            if (node.layer() instanceof Conv2d convolution) {
                add(rules, node, CONVOLUTION, convolution.bias());
            } else if (node.layer() instanceof Linear layer && linear.isPresent()) {
                add(rules, node, linear.get(), layer.bias());
            }
        }
        return new Model(model.inputs(), model.nodes(), model.heads(), model.outputs(), rules);
    }

    private static void add(List<InitialValues> rules, Node node, Initializer weight, boolean bias) {
        rules.add(new InitialValues(node.name() + ".weight", weight));
        if (bias) {
            rules.add(new InitialValues(node.name() + ".bias", Initializers.zeros()));
        }
    }
}
