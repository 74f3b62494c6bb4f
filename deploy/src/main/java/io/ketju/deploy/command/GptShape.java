package io.ketju.deploy.command;

import io.ketju.data.safetensors.Gpt2Config;
import io.ketju.layers.Layer;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.zoo.GPT;
import io.ketju.layers.regularization.Dropout;
import io.ketju.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Whether a model is a GPT-2 and of which size: one that is built from the sizes found is the same, dropout apart. */
final class GptShape {
    private static final String EMBEDDING = "transformer.wte.weight";
    private static final String POSITIONS = "transformer.wpe.weight";
    private static final String HEAD = "lm_head.weight";

    private GptShape() {}

    static Optional<Gpt2Config> of(Model model) {
        List<String> names = model.weights();
        int layers = (int)
                names.stream().filter(name -> name.endsWith(".ln_1.weight")).count();
        int heads = model.nodes().stream()
                .map(Node::layer)
                .filter(ScaledDotProductAttention.class::isInstance)
                .mapToInt(layer -> ((ScaledDotProductAttention) layer).heads())
                .findFirst()
                .orElse(0);
        if (!names.contains(EMBEDDING) || !names.contains(POSITIONS) || layers == 0 || heads == 0) {
            return Optional.empty();
        }
        Shape embedding = model.parameter(EMBEDDING).shape();
        boolean tied = !names.contains(HEAD);
        int context = model.parameter(POSITIONS).shape().dimension(0);
        int vocabulary = embedding.dimension(0);
        int width = embedding.dimension(1);
        if (width % heads != 0) {
            return Optional.empty();
        }
        Model expected = new GPT(vocabulary, layers, heads, width, 0, tied).model(context);
        return graph(expected).equals(graph(model))
                ? Optional.of(new Gpt2Config(vocabulary, context, width, layers, heads, tied))
                : Optional.empty();
    }

    /** Names and layers, without dropout, which is of training alone. */
    private static List<String> graph(Model model) {
        return model.nodes().stream()
                .filter(node -> !isDropout(node.layer()))
                .map(node -> node.name() + " " + node.layer().spec() + " " + node.parameters())
                .toList();
    }

    private static boolean isDropout(Layer layer) {
        return layer instanceof Dropout;
    }
}
