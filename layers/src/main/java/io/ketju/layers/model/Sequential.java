package io.ketju.layers.model;

import io.ketju.layers.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers one after the other, named by their position as in PyTorch: parameter {@code weight} of layer 2 is {@code 2.weight}.
 *
 * @param layers in order, each with one input and one output; at least one
 */
public record Sequential(List<Layer> layers) implements Block {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are no layers
     */
    public Sequential {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a model needs at least one layer");
        }
    }

    /**
     * {@return layers one after the other}
     *
     * @param layers in order, at least one
     */
    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    /**
     * {@return this and further layers}
     *
     * @param more behind those that are there
     */
    public Sequential then(Layer... more) {
        List<Layer> all = new ArrayList<>(layers);
        all.addAll(List.of(more));
        return new Sequential(all);
    }

    @Override
    public Value in(ModelBuilder model, Value input) {
        Value value = input;
        for (int i = 0; i < layers.size(); i++) {
            value = model.add(Integer.toString(i), layers.get(i), value);
        }
        return value;
    }
}
