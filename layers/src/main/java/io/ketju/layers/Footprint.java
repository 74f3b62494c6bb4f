package io.ketju.layers;

import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a layer's backward reads of its forward, and what room it needs of its own. Memory is planned from this before
 * anything runs: a tensor that nobody reads any more gives its place to others, so reading what is not named here would
 * read somebody else's numbers, and {@link Pass} refuses it. Immutable.
 *
 * <p>Gradients need no mention: both backward passes may read the gradients of all outputs.
 *
 * @param inputGradientReads what of forward {@link Layer#backwardInput} reads: Conv2d nothing, ReLU its output
 * @param weightGradientReads what of forward {@link Layer#backwardWeight} reads: Conv2d its input
 * @param kept tensors of the layer's own that forward leaves for both backward passes: positions of maxima, log-sums
 * @param untilStep tensors that each micro-batch of a training window leaves until the optimizer step: statistics of
 *     the batch
 * @param workspace tensors that the layer works in: undefined in forward, and again when the first backward pass of a
 *     micro-batch begins, which the second then finds as the first left them
 * @param view whether output 0 is input 0 under another shape, so that neither it nor its gradient takes memory or time
 * @param inPlace an input of output 0's type whose gradient backward may write where that of output 0 lies, because it has
 *     read by then what it needs of it: in {@link FullBackward#backward}, or where nothing of the layer's own learns; empty
 *     if there is none
 */
public record Footprint(
        Set<Port> inputGradientReads,
        Set<Port> weightGradientReads,
        List<TensorType> kept,
        List<TensorType> untilStep,
        List<TensorType> workspace,
        boolean view,
        OptionalInt inPlace) {
    /** Backward reads gradients and weights only. */
    public static final Footprint NOTHING = none(false);

    /** Of a layer that only gives its input another shape. */
    public static final Footprint VIEW = none(true);

    /** Copies the sets and lists. */
    public Footprint {
        inputGradientReads = Set.copyOf(inputGradientReads);
        weightGradientReads = Set.copyOf(weightGradientReads);
        kept = List.copyOf(kept);
        untilStep = List.copyOf(untilStep);
        workspace = List.copyOf(workspace);
    }

    /**
     * This, with {@link Layer#backwardInput} reading more of forward.
     *
     * @param ports read too
     * @return another footprint
     */
    public Footprint inputGradientReading(Port... ports) {
        return new Footprint(
                with(inputGradientReads, ports), weightGradientReads, kept, untilStep, workspace, view, inPlace);
    }

    /**
     * This, with {@link Layer#backwardWeight} reading more of forward.
     *
     * @param ports read too
     * @return another footprint
     */
    public Footprint weightGradientReading(Port... ports) {
        return new Footprint(
                inputGradientReads, with(weightGradientReads, ports), kept, untilStep, workspace, view, inPlace);
    }

    /**
     * This, with more tensors that forward leaves for backward; {@link Pass#kept} counts them in order.
     *
     * @param types of the tensors, behind those that there are
     * @return another footprint
     */
    public Footprint keeping(TensorType... types) {
        return new Footprint(
                inputGradientReads, weightGradientReads, with(kept, types), untilStep, workspace, view, inPlace);
    }

    /**
     * This, with more tensors that stay until the step; {@link Pass#untilStep} counts them in order.
     *
     * @param types of the tensors, behind those that there are
     * @return another footprint
     */
    public Footprint keepingUntilStep(TensorType... types) {
        return new Footprint(
                inputGradientReads, weightGradientReads, kept, with(untilStep, types), workspace, view, inPlace);
    }

    /**
     * This, with more tensors to work in; {@link Pass#workspace} counts them in order.
     *
     * @param types of the tensors, behind those that there are
     * @return another footprint
     */
    public Footprint workingIn(TensorType... types) {
        return new Footprint(
                inputGradientReads, weightGradientReads, kept, untilStep, with(workspace, types), view, inPlace);
    }

    /**
     * This, with the gradient of an input taking the place of output 0's where it can.
     *
     * @param input position of an input that has output 0's type
     * @return another footprint
     */
    public Footprint inPlace(int input) {
        return new Footprint(
                inputGradientReads, weightGradientReads, kept, untilStep, workspace, view, OptionalInt.of(input));
    }

    private static Footprint none(boolean view) {
        return new Footprint(Set.of(), Set.of(), List.of(), List.of(), List.of(), view, OptionalInt.empty());
    }

    private static Set<Port> with(Set<Port> ports, Port... more) {
        Set<Port> all = new LinkedHashSet<>(ports);
        all.addAll(List.of(more));
        return all;
    }

    private static List<TensorType> with(List<TensorType> types, TensorType... more) {
        List<TensorType> all = new ArrayList<>(types);
        all.addAll(List.of(more));
        return all;
    }
}
