package io.ketju.layers.join;

import io.ketju.layers.Parameter;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The joints that a stage makes use of. They change no bits, so each process may decide for itself. Immutable.
 *
 * <p>Not among them, because they gained nothing: a convolution and an activation alone, a linear layer and GELU or SiLU,
 * whose derivative each product of a split backward would compute again.
 */
public final class Joints {
    /** The system property that turns joints off: {@code -Dketju.join=off}, to measure without, or to look for a fault. */
    public static final String PROPERTY = "ketju.join";

    /** All there are, longer ones first. A new joint is one more line here. */
    public static final Joints ALL = new Joints(
            List.of(ConvolutionBatchNorm::of, BatchNormActivation::of, LinearActivation::of, LinearResidual::of));

    /** Most nodes that one of them takes: chains of models may be much longer, and to look along all of one takes time. */
    private static final int MOST = 4;

    /** Every layer on its own. */
    public static final Joints NONE = new Joints(List.of());

    private final List<Joint> joints;

    private Joints(List<Joint> joints) {
        this.joints = joints;
    }

    /**
     * What {@link #PROPERTY} says.
     *
     * @return all without it, or if it is {@code on}; none if it is {@code off}
     * @throws IllegalArgumentException if it is anything else
     */
    public static Joints chosen() {
        String value = System.getProperty(PROPERTY, "on");
        return switch (value) {
            case "on" -> ALL;
            case "off" -> NONE;
            default ->
                throw new IllegalArgumentException(
                        "system property " + PROPERTY + ": expected on or off, found '" + value + "'");
        };
    }

    /**
     * The node at this place with as many of the following ones as one layer can do.
     *
     * @param model whose nodes they are
     * @param types of the largest micro-batch
     * @param first index of the node
     * @param end index behind the last node that may be joined: where the cut is
     * @param learns whether a weight of this global name learns; layers with some that do and some that do not stay alone
     * @return what runs in their place; the node alone if no joint takes it
     */
    public Joined at(Model model, ModelTypes types, int first, int end, Predicate<String> learns) {
        List<Node> chain = model.nodes().subList(first, endOfChain(model, types, first, end, learns));
        for (Joint joint : joints) {
            Optional<JoinedLayer> layer = joint.of(chain);
            if (layer.isPresent()) {
                return Joined.of(first, chain.subList(0, layer.get().parts().size()), layer.get());
            }
        }
        return Joined.alone(chain.getFirst());
    }

    /**
     * Behind the last node of those that only feed each other, as far as any joint looks. Because they are neighbours, nobody else's part comes between
     * theirs in the sum of any gradient.
     */
    private static int endOfChain(Model model, ModelTypes types, int first, int end, Predicate<String> learns) {
        List<Node> nodes = model.nodes();
        int next = first + 1;
        while (next < Math.min(end, first + MOST)
                && onlyFeeds(model, new Value(next - 1, 0), next)
                && learnsWholly(nodes.get(next - 1), learns)
                && learnsWholly(nodes.get(next), learns)
                && addsEqualTypes(nodes.get(next), types)) {
            next++;
        }
        return next;
    }

    /** Whether a node repeats no input before it adds it, which only the sum itself knows to do. */
    private static boolean addsEqualTypes(Node node, ModelTypes types) {
        return !(node.layer() instanceof Add)
                || types.inputs(node).stream().distinct().count() == 1;
    }

    /** Whether all weights of a node learn, or none. */
    private static boolean learnsWholly(Node node, Predicate<String> learns) {
        List<Parameter> parameters = node.layer().parameters();
        return IntStream.range(0, parameters.size())
                        .filter(i -> parameters.get(i).learns())
                        .mapToObj(i -> learns.test(node.parameters().get(i)))
                        .distinct()
                        .count()
                <= 1;
    }

    /** Whether a value has one reader, this node. */
    private static boolean onlyFeeds(Model model, Value value, int node) {
        long readers = model.nodes().stream()
                .flatMap(other -> other.inputs().stream())
                .filter(value::equals)
                .count();
        return readers == 1
                && model.nodes().get(node).inputs().contains(value)
                && !model.outputs().contains(value)
                && model.heads().stream().map(Head::inputs).noneMatch(inputs -> inputs.contains(value));
    }
}
