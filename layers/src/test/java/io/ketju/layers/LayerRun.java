package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One layer with weights, gradients, and a slot of exactly the size that it asks for, full of NaN. */
final class LayerRun implements AutoCloseable {
    private static final long OUTSIDE_BYTES = 1 << 22;

    private final Layer layer;
    private final TensorArena outside = new TensorArena(OUTSIDE_BYTES);
    private final TensorArena slot;
    private final Saved saved;
    final List<Tensor> parameters = new ArrayList<>();
    final List<Tensor> gradients = new ArrayList<>();
    final Map<Integer, PackedWeight> packed = new HashMap<>();

    LayerRun(Layer layer, Shape input, int samples, Kernels kernels) {
        this(layer, input, samples, kernels, false);
    }

    private LayerRun(Layer layer, Shape input, int samples, Kernels kernels, boolean packing) {
        this.layer = layer;
        slot = new TensorArena(layer.slotBytes(input, samples));
        for (Parameter parameter : layer.parameters()) {
            parameters.add(outside.allocate(parameter.shape()));
            gradients.add(outside.allocate(parameter.shape()));
        }
        for (int index : packing ? layer.transposedParameters() : List.<Integer>of()) {
            Tensor weight = parameters.get(index);
            packed.put(index, new PackedWeight(weight, outside.allocate(PackedWeight.shape(weight.shape()))));
        }
        saved = new Saved(kernels, slot, parameters, gradients, packed);
        newMicrobatch();
    }

    /** With packed weights. */
    static LayerRun packing(LayerCase test, Kernels kernels) {
        return new LayerRun(test.layer(), test.input(), test.samples(), kernels, true);
    }

    /** Normal weights, a function of the seed. */
    LayerRun withWeights(long seed) {
        for (int i = 0; i < parameters.size(); i++) {
            Tensor parameter = parameters.get(i);
            parameter.copyFrom(Floats.normal(seed, "parameter" + i, parameter.elements()));
        }
        return this;
    }

    /** Empties the slot and fills it with NaN, so that reading what was not written shows. */
    void newMicrobatch() {
        slot.reset();
        Tensor all = slot.allocate(Shape.of((int) (slot.capacityBytes() / Float.BYTES)));
        for (int i = 0; i < all.elements(); i++) {
            all.setFloat(i, Float.NaN);
        }
        slot.reset();
        saved.reset(true);
    }

    /** A tensor that is not in the slot. */
    Tensor tensor(Shape shape, float[] values) {
        Tensor tensor = outside.allocate(shape);
        tensor.copyFrom(values);
        return tensor;
    }

    Tensor forward(Shape shape, float[] input) {
        return layer.forward(tensor(shape, input), saved);
    }

    Tensor backwardInput(Tensor gradOutput) {
        return layer.backwardInput(gradOutput, saved);
    }

    void backwardWeight(Tensor gradOutput) {
        layer.backwardWeight(gradOutput, saved);
    }

    Saved saved() {
        return saved;
    }

    long slotBytesUsed() {
        return slot.usedBytes();
    }

    @Override
    public void close() {
        slot.close();
        outside.close();
    }
}
