package io.ketju.pipeline.program;

import io.ketju.layers.model.Head;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model takes of every micro-batch: its inputs, then the targets of its heads, each name once. The position is the edge of
 * {@code FED} tensors.
 *
 * @param names by position, from 0
 */
public record BatchPorts(List<String> names) {
    /** Copies the list. */
    public BatchPorts {
        names = List.copyOf(names);
    }

    /**
     * {@return what a model takes}
     *
     * @param model with its heads
     */
    public static BatchPorts of(Model model) {
        List<String> names = new ArrayList<>();
        model.inputs().stream().map(Input::name).forEach(names::add);
        for (Head head : model.heads()) {
            head.targets().stream().filter(name -> !names.contains(name)).forEach(names::add);
        }
        return new BatchPorts(names);
    }

    /**
     * {@return the position of a name, from 0}
     *
     * @param name of an input or a target
     * @throws IllegalArgumentException listing the names there are, if it is none
     */
    public int position(String name) {
        int position = names.indexOf(name);
        if (position < 0) {
            throw new IllegalArgumentException("the model takes no '" + name + "' of a batch; it takes " + names);
        }
        return position;
    }

    /**
     * {@return the types of all ports, by position}
     *
     * @param model whose ports these are
     * @param types of all its values in a micro-batch
     * @throws IllegalArgumentException if two heads take a target of one name as different types
     */
    public List<TensorType> types(Model model, ModelTypes types) {
        List<TensorType> all = new ArrayList<>(types.inputs());
        for (Head head : model.heads()) {
            List<TensorType> targets = head.targetTypes(types.of(head.inputs()));
            for (int i = 0; i < head.targets().size(); i++) {
                int position = position(head.targets().get(i));
                if (position == all.size()) {
                    all.add(targets.get(i));
                } else if (!all.get(position).equals(targets.get(i))) {
                    throw new IllegalArgumentException("head " + head.name() + ": takes '" + names.get(position)
                            + "' as " + targets.get(i) + ", others as " + all.get(position));
                }
            }
        }
        return all;
    }
}
